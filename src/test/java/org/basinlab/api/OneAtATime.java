package org.basinlab.api;

import io.quarkus.test.junit.QuarkusTestProfile;

/** A server of its own for a test that starts the slots of its process. */
public final class OneAtATime implements QuarkusTestProfile {}
