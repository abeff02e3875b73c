package io.petrel.bench.demo;

import io.petrel.codecs.marketdata.MessageHeaderEncoder;
import io.petrel.codecs.marketdata.QuoteEncoder;
import io.petrel.codecs.marketdata.Side;
import io.petrel.codecs.marketdata.TradeEncoder;
import io.petrel.transport.Claim;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

/** Publishes a market's quotes and trades to a group, each when it is due. */
final class Publisher extends Role {
  private static final int BATCH = 64;

  private final String uri;
  private final Claim claim = new Claim();
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final QuoteEncoder quote = new QuoteEncoder();
  private final TradeEncoder trade = new TradeEncoder();
  private @Nullable Petrel petrel;
  private @Nullable Publication out;

  Publisher(String uri, long perSecond) {
    super("demo-publisher", perSecond);
    this.uri = uri;
  }

  @Override
  void open(Petrel opened) {
    petrel = opened;
    out = opened.publishExclusive(uri);
  }

  @Override
  int work() {
    Petrel engine = petrel;
    Publication to = out;
    if (engine == null || to == null) {
      return 0;
    }
    connected(to.isConnected());
    int work = engine.work();
    Timeline times = timeline();
    if (times == null) {
      return work;
    }
    long count = due();
    long done = done();
    long nowNs = DemoClock.nowNs();
    int sent = 0;
    while (sent < BATCH && done < count) {
      long dueNs = dueNs(times, done + 1);
      if (dueNs > nowNs || !publish(to, done + 1, dueNs)) {
        break;
      }
      done++;
      sent++;
    }
    done(done);
    return work + sent;
  }

  private boolean publish(Publication to, long change, long dueNs) {
    boolean isTrade = Market.isTrade(change);
    int block = isTrade ? TradeEncoder.BLOCK_LENGTH : QuoteEncoder.BLOCK_LENGTH;
    if (to.tryClaim(MessageHeaderEncoder.ENCODED_LENGTH + block, claim) < 0) {
      return false; // no room: once more in the next turn
    }
    if (isTrade) {
      encodeTrade(claim.buffer(), change, dueNs);
    } else {
      encodeQuote(claim.buffer(), change, dueNs);
    }
    claim.commit();
    return true;
  }

  private void encodeQuote(MutableDirectBuffer buffer, long change, long dueNs) {
    long bid = Market.bid(change);
    quote
        .wrapAndApplyHeader(buffer, 0, header)
        .eventNs(dueNs)
        .publishedNs(DemoClock.nowNs())
        .sequence(change)
        .instrumentId(Market.INSTRUMENT);
    quote.bidPrice().mantissa(bid);
    quote.bidQuantity().mantissa(5 * Market.LOT);
    quote.askPrice().mantissa(bid + Market.TICK);
    quote.askQuantity().mantissa(7 * Market.LOT);
    quote.conditions().clear().lastOfEvent(true);
  }

  private void encodeTrade(MutableDirectBuffer buffer, long change, long dueNs) {
    trade
        .wrapAndApplyHeader(buffer, 0, header)
        .eventNs(dueNs)
        .publishedNs(DemoClock.nowNs())
        .sequence(change)
        .tradeId(change / Market.CHANGES_A_TRADE)
        .instrumentId(Market.INSTRUMENT)
        .aggressor(Side.BUY);
    trade.price().mantissa(Market.bid(change) + Market.TICK);
    trade.quantity().mantissa(Market.LOT);
    trade.conditions().clear();
  }
}
