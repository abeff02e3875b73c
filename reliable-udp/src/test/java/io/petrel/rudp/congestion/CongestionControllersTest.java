package io.petrel.rudp.congestion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CongestionControllersTest {
  @Test
  void findsAControllerByNameInAnyCase() {
    CongestionControllerFactory factory = CongestionControllers.find("FIXED");

    CongestionController controller =
        factory.create(0, CongestionSettings.defaults(1_400).withFixedWindow(50_000));

    assertEquals("fixed", controller.name());
    assertEquals(50_000, controller.windowBytes());
  }

  @Test
  void findsWhatAnApplicationProvidesAndItControls() {
    CongestionController own =
        CongestionControllers.find("halving").create(0, CongestionSettings.defaults(1_400));
    TestPath path =
        new TestPath(1)
            .rateMbit(10)
            .delay(10 * TestPath.MILLISECOND)
            .queue(20 * TestPath.MILLISECOND);
    TestFlow flow = path.flow(own, 0);

    path.runUntil(20 * TestPath.SECOND);

    assertTrue(flow.lossEpisodes > 2, "reduced " + flow.lossEpisodes + " times");
    assertTrue(flow.deliveredBytes > 0.9 * 20 * path.rateBytesPerSecond());
  }

  @Test
  void namesThoseThereAreWhenThereIsNoneOfThatName() {
    String message = refusal(() -> CongestionControllers.find("reno"));

    assertTrue(message.contains("reno") && message.contains("fixed"), message);
  }

  @Test
  void refusesSettingsThatCannotWorkAndNamesThem() {
    CongestionSettings settings = CongestionSettings.defaults(1_400);

    assertTrue(refusal(() -> settings.withLossThreshold(0.9)).contains("lossThreshold 0.9"));
    assertTrue(refusal(() -> settings.withLossThreshold(Double.NaN)).contains("lossThreshold NaN"));
    assertTrue(refusal(() -> settings.withFixedWindow(1_500)).contains("fixedWindowBytes 1500"));
    assertTrue(refusal(() -> CongestionSettings.defaults(0)).contains("datagramLength 0"));
  }

  private static String refusal(Executable executable) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, executable).getMessage());
  }
}
