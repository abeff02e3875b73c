package io.petrel.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.petrel.transport.contract.OptionsPage;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The options of this module, as people read of them. */
class OptionsReferenceTest {
  private final List<OptionGroup> groups = PetrelProvider.instance().options();

  @Test
  void pageSaysWhatTheDeclarationsSay() throws IOException {
    OptionsPage.check("transport", OptionsReferenceTest.class, groups);
  }

  @Test
  void everyOptionIsDeclaredOnceInItsGroupAndDescribed() {
    for (OptionGroup group : groups) {
      Set<String> names = new HashSet<>();
      for (Option<?> option : group.options()) {
        assertEquals(true, names.add(option.name()), group.title() + " " + option.name());
        assertFalse(option.doc().isBlank(), option.name());
        assertFalse(option.wanted().isBlank(), option.name());
      }
    }
  }
}
