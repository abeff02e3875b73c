package io.petrel.rudp.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LossEpisodeTest {
  private final LossEpisode episode = new LossEpisode();

  @Test
  void isOverWithTheFirstLookThatFindsNoMoreLost() {
    assertFalse(episode.isOver(100, 0));
    assertFalse(episode.isOver(200, 3));
    assertFalse(episode.isOver(300, 5));
    assertTrue(episode.isOver(400, 5));
    assertEquals(5, episode.packets());
    assertEquals(200, episode.lastedNs());
    assertFalse(episode.isOver(500, 5));
  }

  @Test
  void countsEachEpisodeForItself() {
    assertFalse(episode.isOver(100, 4));
    assertTrue(episode.isOver(200, 4));
    assertFalse(episode.isOver(300, 6));
    assertTrue(episode.isOver(400, 6));
    assertEquals(2, episode.packets());
    assertEquals(100, episode.lastedNs());
  }
}
