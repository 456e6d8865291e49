package org.basinlab.api;

import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;

/** Requests with a specification, which REST-assured does not know how to write by itself. */
final class Asking {

    private Asking() {}

    static RequestSpecification with(String specification) {
        return with(specification, "application/yaml");
    }

    static RequestSpecification with(String specification, String mediaType) {
        EncoderConfig asText = EncoderConfig.encoderConfig()
                .encodeContentTypeAs(mediaType, ContentType.TEXT)
                .defaultContentCharset("UTF-8");
        return RestAssured.given()
                .config(RestAssuredConfig.config().encoderConfig(asText))
                .contentType(mediaType)
                .body(specification);
    }
}
