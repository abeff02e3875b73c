package io.petrel.transport.aeron;

import io.petrel.transport.Option;
import io.petrel.transport.OptionGroup;
import io.petrel.transport.Options;
import java.nio.file.Path;
import java.util.List;

/** What may be said of {@code aeron:} beside what Aeron's own URI says. */
final class AeronOptions {
  /** The value for a driver of one's own. */
  static final String EMBEDDED = "embedded";

  /** Which media driver. */
  static final Option<String> DIRECTORY =
      Option.text(
          "aeron.dir",
          EMBEDDED,
          "embedded or the directory of a media driver that runs",
          text -> text.equals(EMBEDDED) ? text : Path.of(text).toString(),
          "The media driver: one within this engine that takes its turns (embedded), or the one"
              + " whose directory this is.");

  static final OptionGroup GROUP =
      new OptionGroup(
          "aeron:",
          "Aeron's own channels: aeron:udp?endpoint=host:port, aeron:ipc; their parameters are"
              + " Aeron's, `stream-id` among them. These are set on the Context or as system"
              + " properties.",
          false,
          List.of(DIRECTORY, Options.STREAM, Options.SESSIONS, Options.LINGER));

  private AeronOptions() {}
}
