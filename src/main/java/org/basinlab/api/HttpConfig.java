package org.basinlab.api;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Who may ask; all keys begin with {@code basinlab.http}. */
@ConfigMapping(prefix = "basinlab.http")
public interface HttpConfig {

    /** Further names under which this server is asked, such as the one that a proxy gives it; {@code *} for any. */
    Optional<List<String>> hosts();
}
