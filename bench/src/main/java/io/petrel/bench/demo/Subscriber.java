package io.petrel.bench.demo;

import io.petrel.codecs.marketdata.MessageHeaderDecoder;
import io.petrel.codecs.marketdata.QuoteDecoder;
import io.petrel.codecs.marketdata.TradeDecoder;
import io.petrel.transport.EndReason;
import io.petrel.transport.Header;
import io.petrel.transport.MessageHandler;
import io.petrel.transport.Petrel;
import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import io.petrel.transport.Subscription;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the market data, checks that each change comes once, in order and whole. One that joins
 * late does the same, from the first change on, and measures nothing: what it missed is old.
 */
final class Subscriber extends Role implements SessionEvents {
  private static final int BATCH = 256;

  private final String uri;
  private final MessageHandler handler = this::onMessage;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final TradeDecoder trade = new TradeDecoder();
  private final PhaseLatencies latencies = new PhaseLatencies();
  private @Nullable Subscription in;
  private final boolean measures;
  private long last;

  /** One that is there from the beginning. */
  Subscriber(int number, String uri, long perSecond) {
    this("demo-subscriber-" + number, uri, perSecond, true);
  }

  private Subscriber(String name, String uri, long perSecond, boolean measures) {
    super(name, perSecond);
    this.measures = measures;
    this.uri = uri;
  }

  /** One that joins later and gets what it missed from the publisher's journal. */
  static Subscriber late(String uri, long perSecond) {
    String joining = uri + "&join=journal&catch-up=1m";
    return new Subscriber("demo-late-subscriber", joining, perSecond, false);
  }

  @Override
  void open(Petrel petrel) {
    in = petrel.subscribe(uri, this);
  }

  @Override
  int work() {
    Subscription from = in;
    int work = from == null ? 0 : from.poll(handler, BATCH);
    if (work > 0) {
      done(last);
    }
    return work;
  }

  private void onMessage(DirectBuffer buffer, int offset, int length, Header from) {
    header.wrap(buffer, offset);
    switch (header.templateId()) {
      case QuoteDecoder.TEMPLATE_ID -> {
        quote.wrapAndApplyHeader(buffer, offset, header);
        long change = quote.sequence();
        take(change, quote.bidPrice().mantissa(), Market.bid(change), quote.eventNs());
      }
      case TradeDecoder.TEMPLATE_ID -> {
        trade.wrapAndApplyHeader(buffer, offset, header);
        long change = trade.sequence();
        long paid = Market.bid(change) + Market.TICK;
        take(change, trade.price().mantissa(), paid, trade.eventNs());
      }
      default -> flaw("a message of an unknown kind, " + header.templateId());
    }
  }

  private void take(long change, long price, long expectedPrice, long dueNs) {
    if (change != last + 1) {
      flaw("change %d came after %d".formatted(change, last));
    } else if (price != expectedPrice) {
      flaw("change %d has price %d, not %d".formatted(change, price, expectedPrice));
    }
    last = change;
    Timeline times = timeline();
    if (measures && times != null) {
      latencies.record(times, dueNs, DemoClock.nowNs());
    }
  }

  @Override
  public void onSessionUp(SessionInfo session) {
    connected(true);
  }

  @Override
  public void onSessionDown(SessionInfo session, EndReason reason, long position) {
    ended(last, reason.toString());
  }

  @Override
  public void onLoss(SessionInfo session, long fromPosition, long toPosition) {
    flaw("%d bytes behind change %d are lost".formatted(toPosition - fromPosition, last));
  }

  /** To be read when the thread has ended. */
  PhaseLatencies latencies() {
    return latencies;
  }
}
