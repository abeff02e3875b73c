package io.petrel.rudp;

import io.petrel.transport.contract.OptionsPage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RudpOptionsTest {
  @Test
  void pageSaysWhatTheDeclarationsSay() throws IOException {
    OptionsPage.check("reliable-udp", RudpOptionsTest.class, List.of(RudpOptions.GROUP));
  }
}
