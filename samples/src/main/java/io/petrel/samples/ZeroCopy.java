package io.petrel.samples;

import io.petrel.codecs.marketdata.MessageHeaderDecoder;
import io.petrel.codecs.marketdata.MessageHeaderEncoder;
import io.petrel.codecs.marketdata.QuoteDecoder;
import io.petrel.codecs.marketdata.QuoteEncoder;
import io.petrel.codecs.marketdata.Side;
import io.petrel.codecs.marketdata.TradeDecoder;
import io.petrel.codecs.marketdata.TradeEncoder;
import io.petrel.samples.support.Patience;
import io.petrel.transport.Claim;
import io.petrel.transport.Header;
import io.petrel.transport.Petrel;
import io.petrel.transport.Publication;
import io.petrel.transport.Subscription;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * Quotes and trades without a copy and without garbage: {@code tryClaim} gives the encoder its
 * place in the ring that goes out, and the decoder reads where the bytes came in.
 *
 * <p>One thread plays both ends here, each with an engine of its own.
 */
public final class ZeroCopy {
  private static final int QUOTES = 100_000;

  /** Every so many quotes somebody deals. */
  private static final int QUOTES_A_TRADE = 10;

  private static final long TICK = 1_000_000; // 0.01 in units of 10^-8
  private static final long LOT = 10_000; // 1 in units of 10^-4
  private static final int INSTRUMENT = 42;

  private ZeroCopy() {}

  /**
   * Runs it alone.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    run(System.out);
  }

  static void run(PrintStream out) {
    try (Petrel here = Petrel.launch();
        Petrel there = Petrel.launch()) {
      Subscription marketData = there.subscribe("rudp://127.0.0.1:0");
      InetSocketAddress address =
          (InetSocketAddress) Objects.requireNonNull(marketData.localAddress());
      Publisher publisher =
          new Publisher(here.publishExclusive("rudp://127.0.0.1:" + address.getPort()));
      Reader reader = new Reader();
      Patience patience = new Patience("market data");
      long startNs = System.nanoTime();
      while (reader.quotes < QUOTES || reader.trades < QUOTES / QUOTES_A_TRADE) {
        int work = publisher.publishSome();
        work += marketData.poll(reader::onMessage, 256);
        patience.idle(work);
      }
      out.printf(
          Locale.ROOT,
          "%d quotes and %d trades, no gap, last bid %.2f, turnover %.0f: %.2f million a second%n",
          reader.quotes,
          reader.trades,
          reader.lastBid / 1e8,
          reader.turnover,
          (reader.quotes + reader.trades) * 1e3 / (System.nanoTime() - startNs));
    }
  }

  /** Encodes into the ring. */
  private static final class Publisher {
    private final Publication out;
    private final Claim claim = new Claim();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final QuoteEncoder quote = new QuoteEncoder();
    private final TradeEncoder trade = new TradeEncoder();
    private int quotes;
    private int trades;
    private long sequence = 1;

    Publisher(Publication out) {
      this.out = out;
    }

    int publishSome() {
      int published = 0;
      while (published < 64 && publishNext()) {
        published++;
      }
      return published;
    }

    private boolean publishNext() {
      return trades < quotes / QUOTES_A_TRADE ? publishTrade() : quotes < QUOTES && publishQuote();
    }

    private boolean publishQuote() {
      int length = MessageHeaderEncoder.ENCODED_LENGTH + QuoteEncoder.BLOCK_LENGTH;
      if (out.tryClaim(length, claim) < 0) {
        return false; // not connected yet, or no room: once more in the next pass
      }
      long bid = priceOf(quotes);
      quote
          .wrapAndApplyHeader(claim.buffer(), 0, header)
          .eventNs(System.nanoTime())
          .publishedNs(System.nanoTime())
          .sequence(sequence++)
          .instrumentId(INSTRUMENT);
      quote.bidPrice().mantissa(bid);
      quote.bidQuantity().mantissa(5 * LOT);
      quote.askPrice().mantissa(bid + TICK);
      quote.askQuantity().mantissa(7 * LOT);
      quote.conditions().clear().lastOfEvent(true);
      claim.commit(); // from here on the reader may see it
      quotes++;
      return true;
    }

    private boolean publishTrade() {
      int length = MessageHeaderEncoder.ENCODED_LENGTH + TradeEncoder.BLOCK_LENGTH;
      if (out.tryClaim(length, claim) < 0) {
        return false;
      }
      trade
          .wrapAndApplyHeader(claim.buffer(), 0, header)
          .eventNs(System.nanoTime())
          .publishedNs(System.nanoTime())
          .sequence(sequence++)
          .tradeId(++trades)
          .instrumentId(INSTRUMENT)
          .aggressor(Side.BUY);
      trade.price().mantissa(priceOf(quotes) + TICK);
      trade.quantity().mantissa(LOT);
      trade.conditions().clear();
      claim.commit();
      return true;
    }

    private static long priceOf(int quote) {
      return (10_000 + quote % 100) * TICK;
    }
  }

  /** Decodes where the message lies. */
  private static final class Reader {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final QuoteDecoder quote = new QuoteDecoder();
    private final TradeDecoder trade = new TradeDecoder();
    private long expected = 1;
    private int quotes;
    private int trades;
    private long lastBid;
    private double turnover;

    void onMessage(DirectBuffer buffer, int offset, int length, Header from) {
      header.wrap(buffer, offset);
      switch (header.templateId()) {
        case QuoteDecoder.TEMPLATE_ID -> {
          quote.wrapAndApplyHeader(buffer, offset, header);
          lastBid = quote.bidPrice().mantissa();
          quotes++;
          expect(quote.sequence());
        }
        case TradeDecoder.TEMPLATE_ID -> {
          trade.wrapAndApplyHeader(buffer, offset, header);
          turnover += trade.price().mantissa() / 1e8 * (trade.quantity().mantissa() / 1e4);
          trades++;
          expect(trade.sequence());
        }
        default -> {} // a newer publisher's message: not for us
      }
    }

    private void expect(long sequence) {
      if (sequence != expected++) {
        throw new IllegalStateException("sequence " + sequence + ", not " + (expected - 1));
      }
    }
  }
}
