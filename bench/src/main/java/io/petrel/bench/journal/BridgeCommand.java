package io.petrel.bench.journal;

import io.petrel.bench.cli.CommandFailure;
import io.petrel.bench.cli.JsonOption;
import io.petrel.bench.cli.Quantities;
import io.petrel.transport.ControlledMessageHandler;
import io.petrel.transport.ControlledMessageHandler.Action;
import io.petrel.transport.EndReason;
import io.petrel.transport.Petrel;
import io.petrel.transport.PetrelException;
import io.petrel.transport.Publication;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One channel into another. */
@Command(
    name = "bridge",
    description = {
      "Hands on what a channel brings: many readers on a host for one copy through the kernel.",
      "The target has positions of its own; what the source loses is told with the source's."
    })
public final class BridgeCommand implements Runnable {
  private static final int POLL_LIMIT = 1024;
  private static final long DRAIN_SECONDS = 10;

  @Parameters(paramLabel = "FROM", description = "The channel to subscribe to.")
  private String from = "";

  @Parameters(paramLabel = "TO", description = "The channel to publish to.")
  private String to = "";

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

  @Mixin private JsonOption json = new JsonOption();

  @Spec private CommandSpec command = CommandSpec.create();

  private boolean came;
  private int there;
  private long refused;

  /** Made by the command-line parser. */
  public BridgeCommand() {}

  @Override
  public void run() {
    PrintWriter err = command.commandLine().getErr();
    try (JsonOption.Output output = json.open();
        Transfer transfer = new Transfer("bridge", err, count, lengthNs);
        Petrel petrel = Transfer.launch()) {
      Publication publication = petrel.publishExclusive(to);
      Subscription subscription = petrel.subscribe(from, events(transfer, output));
      if (subscription.localAddress() != null) {
        err.println("petrel bridge: listening on " + subscription.localAddress());
      }
      ControlledMessageHandler handler =
          (buffer, offset, length, header) -> {
            long result = publication.offer(buffer, offset, length);
            if (result < 0) {
              refused = result;
              return Action.ABORT;
            }
            transfer.moved(1, length);
            return Action.CONTINUE;
          };
      pump(transfer, publication, subscription, handler);
      boolean delivered = publication.drain(DRAIN_SECONDS, TimeUnit.SECONDS);
      transfer.ended();
      output.line(transfer.figures().put("delivered", delivered));
      output.text().println(transfer.text());
      if (!delivered) {
        throw new CommandFailure("not all was delivered to " + to);
      }
    } catch (PetrelException | IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private void pump(
      Transfer transfer,
      Publication publication,
      Subscription subscription,
      ControlledMessageHandler handler) {
    boolean gone = false;
    while (transfer.goesOn() && !gone) {
      refused = 0;
      int limit = (int) Math.min(POLL_LIMIT, transfer.left());
      int polled = subscription.controlledPoll(handler, limit);
      if (refused < 0 && !Transfer.isToRetry(refused)) {
        throw new CommandFailure(
            publication.channel() + " takes no more: " + Publication.nameOf(refused));
      }
      transfer.idle(polled - Long.signum(refused));
      gone = once && polled == 0 && refused == 0 && came && there == 0;
    }
  }

  private SessionEvents events(Transfer transfer, JsonOption.Output output) {
    return new SessionEvents() {
      @Override
      public void onSessionUp(SessionInfo session) {
        came = true;
        there++;
      }

      @Override
      public void onSessionDown(SessionInfo session, EndReason reason, long position) {
        there--;
      }

      @Override
      public void onLoss(SessionInfo session, long fromPosition, long toPosition) {
        output.line(
            transfer.loss("loss", session.sessionId(), session.stream(), fromPosition, toPosition));
      }
    };
  }
}
