package io.petrel.multicast;

import io.petrel.transport.contract.OptionsPage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class McastOptionsTest {
  @Test
  void pageSaysWhatTheDeclarationsSay() throws IOException {
    OptionsPage.check("multicast", McastOptionsTest.class, List.of(McastOptions.GROUP));
  }
}
