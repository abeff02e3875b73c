package io.petrel.transport.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.petrel.transport.SessionEvents;
import io.petrel.transport.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionConditionsTest {
  private final SessionInfo session = new SessionInfo(7, 0, null);
  private final List<String> told = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();
  private final SessionConditions conditions = new SessionConditions(errors::add);
  private boolean throwing;

  private final SessionEvents events =
      new SessionEvents() {
        @Override
        public void onExcluded(SessionInfo of) {
          told.add(of.sessionId() + " excluded");
          if (throwing) {
            throw new IllegalStateException("thrown by the test");
          }
        }

        @Override
        public void onLine(SessionInfo of, int line, boolean alive) {
          told.add(of.sessionId() + " line " + line + (alive ? " back" : " dead"));
        }
      };

  @Test
  void tellsEachChangeOnce() {
    conditions.tell(session, events);
    conditions.line(1, false);
    conditions.exclude();
    conditions.tell(session, events);
    conditions.tell(session, events);
    assertEquals(List.of("7 excluded", "7 line 1 dead"), told);
    conditions.line(1, true);
    conditions.tell(session, events);
    assertEquals("7 line 1 back", told.getLast());
    assertEquals(3, told.size());
  }

  @Test
  void doesNotTellWhatChangedBack() {
    conditions.line(0, false);
    conditions.line(0, true);
    conditions.tell(session, events);
    assertEquals(List.of(), told);
  }

  @Test
  void handsOnWhatAnEventThrowsAndDoesNotTellItAgain() {
    throwing = true;
    conditions.exclude();
    conditions.tell(session, events);
    conditions.tell(session, events);
    assertEquals(1, told.size());
    assertEquals("thrown by the test", errors.getFirst().getMessage());
    assertEquals(1, errors.size());
  }
}
