package io.petrel.bench.journal;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.cli.Quantities;
import io.petrel.transport.Petrel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.journal.Journal;
import io.petrel.transport.journal.JournalEntry;
import io.petrel.transport.journal.JournalMessages;
import io.petrel.transport.journal.JournalReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A journal into any channel. */
@Command(
    name = "replay",
    description = "Publishes what a journal holds, from anywhere in it, at any rate.")
public final class ReplayCommand implements Runnable {
  private static final long IDLE_NS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long DRAIN_SECONDS = 30;

  /** Between two notes of how far the receiver is. */
  private static final long NOTE_NS = TimeUnit.MILLISECONDS.toNanos(500);

  @Parameters(paramLabel = "DIR", description = "The directory of the journal.")
  private Path directory = Path.of("");

  @Parameters(paramLabel = "URI", description = "The channel to publish to.")
  private String uri = "";

  @Option(
      names = "--rate",
      paramLabel = "max|1x|2x|..",
      defaultValue = "1x",
      description = "As fast as it goes, as recorded, or a multiple of that.")
  private String rate = "1x";

  @Option(
      names = "--from-position",
      paramLabel = "BYTES",
      description = "Begins with the message at or behind this position; needs --session.")
  private @Nullable Long fromPosition;

  @Option(
      names = "--from-time",
      paramLabel = "TIME",
      description = "Begins with what was recorded then or later, such as 2026-01-31T09:30:00Z.")
  private @Nullable String fromTime;

  @Option(names = "--session", description = "Only what was recorded of this session.")
  private @Nullable Long session;

  @Option(names = "--stream", description = "Only what was recorded of this stream.")
  private @Nullable Integer stream;

  @Option(names = "--count", defaultValue = "0", description = "Ends after so many messages.")
  private long count;

  @Option(names = "--follow", description = "Goes on with what is still being recorded.")
  private boolean follow;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Notes there how far the receiver is, and begins where it says.")
  private @Nullable Path resume;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "How long to wait for the other side.",
      converter = Quantities.Nanoseconds.class)
  private long waitNs;

  @Mixin private JsonOption json = new JsonOption();

  @Spec private CommandSpec command = CommandSpec.create();

  /** Made by the command-line parser. */
  public ReplayCommand() {}

  @Override
  public void run() {
    double speed = speed();
    ReplayPoint resumed = resume == null ? null : ReplayPoint.read(resume);
    PrintWriter err = command.commandLine().getErr();
    try (JsonOption.Output output = json.open();
        Transfer transfer = new Transfer("replay", err, count, 0);
        JournalReader reader = Journal.openReader(directory);
        Petrel petrel = Transfer.launch();
        Publication publication = petrel.publishExclusive(uri)) {
      seek(reader, resumed);
      JournalMessages messages =
          new JournalMessages(
              reader,
              this::isWanted,
              (of, from, to) ->
                  output.line(transfer.loss("loss", of.sessionId(), of.stream(), from, to)));
      awaitPeer(petrel, publication);
      Replay replay = new Replay(transfer, petrel, publication, messages, resumed, speed, resume);
      replay.run(follow);
      boolean delivered = publication.drain(DRAIN_SECONDS, TimeUnit.SECONDS);
      transfer.ended();
      if (delivered) {
        replay.noteEnd();
      }
      output.line(transfer.figures().put("delivered", delivered));
      output.text().println(transfer.text());
      if (!delivered) {
        throw new CommandFailure("not all was delivered to " + uri);
      }
    } catch (PetrelException | IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** Positive infinity for as fast as it goes. */
  private double speed() {
    if (rate.equals("max")) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      double speed = Double.parseDouble(rate.replaceFirst("x$", ""));
      if (speed > 0 && !Double.isInfinite(speed)) {
        return speed;
      }
    } catch (NumberFormatException e) {
      throw new CommandFailure("--rate '" + rate + "' is neither max nor like 1x or 0.5x", e);
    }
    throw new CommandFailure("--rate '" + rate + "' is neither max nor like 1x or 0.5x");
  }

  private void seek(JournalReader reader, @Nullable ReplayPoint resumed) {
    if (resumed != null) {
      reader.seekIndex(resumed.index());
    } else if (fromTime != null) {
      if (!reader.seekTime(nanoseconds(fromTime)) && !follow) {
        throw new CommandFailure("nothing was recorded at " + fromTime + " or later");
      }
    } else if (fromPosition != null) {
      if (session == null) {
        throw new CommandFailure("--from-position needs --session: positions are a session's own");
      }
      int of = stream == null ? 0 : stream;
      if (!reader.seekPosition(session, of, fromPosition) && !follow) {
        throw new CommandFailure(
            "session " + session + " stream " + of + " has nothing behind " + fromPosition);
      }
    }
  }

  private static long nanoseconds(String time) {
    try {
      Instant instant = Instant.parse(time);
      return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    } catch (DateTimeParseException e) {
      throw new CommandFailure(
          "--from-time '" + time + "' is no time such as 2026-01-31T09:30:00Z", e);
    }
  }

  private boolean isWanted(JournalEntry entry) {
    return (session == null || session == entry.sessionId())
        && (stream == null || stream == entry.stream());
  }

  private void awaitPeer(Petrel petrel, Publication publication) {
    long startNs = System.nanoTime();
    while (!publication.isConnected()) {
      if (System.nanoTime() - startNs > waitNs) {
        throw new CommandFailure("nobody is at " + uri + "; start the other side or --wait longer");
      }
      if (petrel.work() == 0) {
        LockSupport.parkNanos(IDLE_NS);
      }
    }
  }

  /** One replay under way. */
  private final class Replay {
    private final Transfer transfer;
    private final Petrel petrel;
    private final Publication publication;
    private final JournalMessages messages;
    private final @Nullable ReplayPoint resumed;
    private final double speed;
    private final @Nullable Path notes;
    private final long startNs = System.nanoTime();
    private long firstTimeNs = -1;
    private @Nullable ReplayPoint pending;
    private long pendingPosition;
    private long nextNoteNs = NOTE_NS;

    // The message offered last: where its end is on the way out, and where it was recorded.
    private long offeredPosition;
    private long lastIndex;
    private long lastSession;
    private int lastStream;
    private long lastPosition;

    private boolean caughtUp;

    Replay(
        Transfer transfer,
        Petrel petrel,
        Publication publication,
        JournalMessages messages,
        @Nullable ReplayPoint resumed,
        double speed,
        @Nullable Path notes) {
      this.transfer = transfer;
      this.petrel = petrel;
      this.publication = publication;
      this.messages = messages;
      this.resumed = resumed;
      this.speed = speed;
      this.notes = notes;
      caughtUp = resumed == null;
    }

    void run(boolean forEver) {
      while (transfer.goesOn()) {
        if (messages.next()) {
          if (!isHad() && isBehindStart()) {
            publish();
          }
        } else if (forEver) {
          petrel.work();
          note(System.nanoTime() - startNs);
          LockSupport.parkNanos(IDLE_NS);
        } else {
          return;
        }
      }
    }

    /** An entry holds several messages: those before the one that was asked for. */
    private boolean isBehindStart() {
      return fromPosition == null || resumed != null || messages.header().position() > fromPosition;
    }

    private boolean isHad() {
      if (caughtUp || resumed == null) {
        return false;
      }
      boolean had =
          resumed.covers(
              messages.header().session().sessionId(),
              messages.header().stream(),
              messages.header().position());
      caughtUp = messages.index() > resumed.index();
      return had;
    }

    private void publish() {
      awaitTime();
      long result = publication.offer(messages.buffer(), messages.offset(), messages.length());
      while (result < 0) {
        if (!Transfer.isToRetry(result)) {
          throw new CommandFailure(
              uri
                  + " refused message "
                  + transfer.messages()
                  + " of "
                  + messages.length()
                  + " bytes: "
                  + Publication.nameOf(result));
        }
        if (!transfer.goesOn()) {
          return;
        }
        petrel.work();
        result = publication.offer(messages.buffer(), messages.offset(), messages.length());
      }
      transfer.moved(1, messages.length());
      offeredPosition = result;
      lastIndex = messages.index();
      lastSession = messages.header().session().sessionId();
      lastStream = messages.header().stream();
      lastPosition = messages.header().position();
      if ((transfer.messages() & 0xFF) == 0) {
        note(System.nanoTime() - startNs);
      }
    }

    /** Until it is this message's turn. */
    private void awaitTime() {
      if (firstTimeNs < 0) {
        firstTimeNs = messages.timeNs();
      }
      if (Double.isInfinite(speed)) {
        return;
      }
      long dueNs = (long) ((messages.timeNs() - firstTimeNs) / speed);
      for (long left = dueNs - (System.nanoTime() - startNs);
          left > 0 && transfer.goesOn();
          left = dueNs - (System.nanoTime() - startNs)) {
        if (petrel.work() == 0 && left > IDLE_NS) {
          LockSupport.parkNanos(Math.min(left / 2, IDLE_NS));
        }
        note(System.nanoTime() - startNs);
      }
    }

    /** Writes down a message once its receiver has it, then looks at the next. */
    private void note(long ns) {
      if (notes == null || ns < nextNoteNs) {
        return;
      }
      ReplayPoint point = pending;
      if (point != null && publication.acknowledgedPosition() >= pendingPosition) {
        point.write(notes);
        pending = null;
      }
      if (pending == null && transfer.messages() > 0) {
        pending = last();
        pendingPosition = offeredPosition;
      }
      nextNoteNs = ns + NOTE_NS;
    }

    private ReplayPoint last() {
      return new ReplayPoint(lastIndex, lastSession, lastStream, lastPosition);
    }

    /** All was delivered. */
    void noteEnd() {
      if (notes != null && transfer.messages() > 0) {
        last().write(notes);
      }
    }
  }
}
