package io.petrel.bench.journal;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonLine;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.cli.Quantities;
import io.petrel.transport.EndReason;
import io.petrel.transport.Petrel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import io.petrel.transport.journal.Journal;
import io.petrel.transport.journal.JournalSettings;
import io.petrel.transport.journal.Recorder;
import io.petrel.transport.journal.RecorderEvents;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Any channel into a journal. */
@Command(
    name = "record",
    description = "Records a channel into a journal; goes on with one that is there.")
public final class RecordCommand implements Runnable {
  private static final int POLL_LIMIT = 1024;

  @Parameters(paramLabel = "URI", description = "The channel to subscribe to.")
  private String uri = "";

  @Parameters(paramLabel = "DIR", description = "The directory of the journal.")
  private Path directory = Path.of("");

  @Option(
      names = "--required",
      description = "Holds the publisher up rather than leave anything out.")
  private boolean required;

  @Option(names = "--count", defaultValue = "0", description = "Ends after so many messages.")
  private long count;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description = "Ends after so long.",
      converter = Quantities.Nanoseconds.class)
  private long lengthNs;

  @Option(names = "--once", description = "Ends when the last session has gone.")
  private boolean once;

  @Option(
      names = "--segment",
      paramLabel = "SIZE",
      defaultValue = "256MiB",
      description = "Size of the journal's files.",
      converter = Quantities.Bytes.class)
  private long segmentBytes;

  @Option(
      names = "--keep-size",
      paramLabel = "SIZE",
      defaultValue = "0",
      description = "Removes the oldest files beyond this size of all; 0 keeps all.",
      converter = Quantities.Bytes.class)
  private long keepBytes;

  @Option(
      names = "--keep-age",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description = "Removes files whose last entry is older; 0 keeps all.",
      converter = Quantities.Nanoseconds.class)
  private long keepNs;

  @Mixin private JsonOption json = new JsonOption();

  @Spec private CommandSpec command = CommandSpec.create();

  /** Made by the command-line parser. */
  public RecordCommand() {}

  /** The recorder, and whether a session has come and gone. */
  private static final class Sessions implements SessionEvents {
    private final Recorder recorder;
    private boolean came;
    private int there;

    Sessions(Recorder recorder) {
      this.recorder = recorder;
    }

    @Override
    public void onSessionUp(SessionInfo session) {
      came = true;
      there++;
      recorder.onSessionUp(session);
    }

    @Override
    public void onSessionDown(SessionInfo session, EndReason reason, long position) {
      there--;
      recorder.onSessionDown(session, reason, position);
    }

    @Override
    public void onLoss(SessionInfo session, long fromPosition, long toPosition) {
      recorder.onLoss(session, fromPosition, toPosition);
    }
  }

  @Override
  public void run() {
    PrintWriter err = command.commandLine().getErr();
    try (JsonOption.Output output = json.open();
        Transfer transfer = new Transfer("record", err, count, lengthNs);
        Journal journal = Journal.open(settings());
        Petrel petrel = Transfer.launch()) {
      Recorder recorder =
          new Recorder(journal, required, epochClock(), told(transfer, output, err));
      Sessions sessions = new Sessions(recorder);
      Subscription subscription = petrel.subscribe(channel(), sessions);
      if (subscription.localAddress() != null) {
        err.println("petrel record: listening on " + subscription.localAddress());
      }
      record(transfer, recorder, sessions, subscription);
      output.line(
          transfer
              .figures()
              .put("entries", recorder.entries())
              .put("lost_bytes", recorder.lostBytes())
              .put("last_index", journal.lastIndex()));
      output.text().println(transfer.text());
      output
          .text()
          .println(recorder.entries() + " entries, " + recorder.lostBytes() + " bytes left out");
    } catch (PetrelException | IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private void record(
      Transfer transfer, Recorder recorder, Sessions sessions, Subscription subscription) {
    long messages = 0;
    long bytes = 0;
    boolean gone = false;
    while (transfer.goesOn() && !gone) {
      int polled = recorder.poll(subscription, (int) Math.min(POLL_LIMIT, transfer.left()));
      transfer.moved(recorder.messages() - messages, recorder.bytes() - bytes);
      transfer.idle(polled);
      messages = recorder.messages();
      bytes = recorder.bytes();
      gone = once && polled == 0 && sessions.came && sessions.there == 0;
    }
    if (!recorder.flush()) {
      throw new CommandFailure("the disk is full: what was received last is not in the journal");
    }
    transfer.ended();
  }

  /** Nanoseconds since 1970, as fine as the machine has them. */
  private static LongSupplier epochClock() {
    long offsetNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
    return () -> System.nanoTime() + offsetNs;
  }

  private static RecorderEvents told(Transfer transfer, JsonOption.Output output, PrintWriter err) {
    return new RecorderEvents() {
      @Override
      public void onDiskFull(boolean full) {
        err.println("petrel record: " + (full ? "the disk is full" : "there is room again"));
        output.line(new JsonLine().put("event", full ? "disk_full" : "disk_has_room"));
      }

      @Override
      public void onNotRecorded(long sessionId, int stream, long from, long to) {
        output.line(transfer.loss("not_recorded", sessionId, stream, from, to));
      }
    };
  }

  private JournalSettings settings() {
    return new JournalSettings(
        directory,
        segmentBytes,
        keepBytes == 0 ? Long.MAX_VALUE : keepBytes,
        keepNs == 0 ? Long.MAX_VALUE : keepNs);
  }

  /** Shared memory waits for its readers unless it is told not to; recording is not to be felt. */
  private String channel() {
    if (required || !uri.startsWith("ipc:") || uri.contains("slow=")) {
      return uri;
    }
    return uri + (uri.contains("?") ? "&" : "?") + "slow=drop";
  }
}
