package io.petrel.rudp.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.rudp.endpoint.Totals.Total;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TotalsTest {
  @Test
  void addUp() {
    Totals one = new Totals();
    one.add(Total.LOST, 3);
    one.add(Total.PROBES, 1);
    Totals sum = new Totals();
    sum.add(one);
    sum.add(one);
    assertEquals(6, sum.get(Total.LOST));
    assertEquals(2, sum.get(Total.PROBES));
    assertEquals(0, sum.get(Total.BYTES_SENT));
    sum.clear();
    assertEquals(0, sum.get(Total.LOST));
  }

  @Test
  void everyLabelIsAnother() {
    Set<String> labels = new HashSet<>();
    for (Total total : Total.values()) {
      assertEquals(true, labels.add(total.label()), total.name());
    }
  }
}
