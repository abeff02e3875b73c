package io.petrel.transport.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints which case of the contract ran for which transport in which mode, and why one did not. */
final class ContractMatrix implements TestWatcher, AfterAllCallback {
  private static final Map<String, Map<String, String>> RESULTS = new ConcurrentHashMap<>();
  private static final Map<String, String> REASONS = new ConcurrentHashMap<>();

  @Override
  public void testSuccessful(ExtensionContext context) {
    record(context, "passed");
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    record(context, "FAILED");
  }

  @Override
  public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
    record(context, "n/a");
    REASONS.put(
        column(context).split(" ", 2)[0] + ", " + context.getRequiredTestMethod().getName(),
        cause == null ? "" : String.valueOf(cause.getMessage()));
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    record(context, "DISABLED");
  }

  private static void record(ExtensionContext context, String result) {
    RESULTS
        .computeIfAbsent(context.getRequiredTestMethod().getName(), name -> new TreeMap<>())
        .put(column(context), result);
  }

  private static String column(ExtensionContext context) {
    TransportContractTest test = (TransportContractTest) context.getRequiredTestInstance();
    return test.transport().scheme() + " " + test.threading();
  }

  /** After each class: the table so far, so that the last one printed is whole. */
  @Override
  public void afterAll(ExtensionContext context) {
    String text = table();
    System.out.println(text);
    try {
      Path target = Files.createDirectories(Path.of("target"));
      Files.writeString(target.resolve("contract-matrix.txt"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String table() {
    TreeSet<String> columns = new TreeSet<>();
    RESULTS.values().forEach(row -> columns.addAll(row.keySet()));
    StringBuilder text = new StringBuilder("Contract of transports%n%-48s".formatted("case"));
    columns.forEach(column -> text.append("%-14s".formatted(column)));
    for (String name : cases()) {
      text.append("%n%-48s".formatted(name));
      Map<String, String> row = RESULTS.getOrDefault(name, Map.of());
      columns.forEach(
          column -> text.append("%-14s".formatted(row.getOrDefault(column, "not in this run"))));
    }
    new TreeMap<>(REASONS)
        .forEach((where, why) -> text.append("%nn/a: %s: %s".formatted(where, why)));
    return text.append(System.lineSeparator()).toString();
  }

  private static Set<String> cases() {
    TreeSet<String> names = new TreeSet<>();
    for (Class<?> type = TransportContractTest.class; type != null; type = type.getSuperclass()) {
      Arrays.stream(type.getDeclaredMethods())
          .filter(method -> method.isAnnotationPresent(Test.class))
          .filter(method -> !isSlow(method))
          .map(Method::getName)
          .forEach(names::add);
    }
    RESULTS.keySet().forEach(names::add);
    return names;
  }

  private static boolean isSlow(Method method) {
    return Arrays.stream(method.getAnnotationsByType(Tag.class))
        .anyMatch(tag -> tag.value().equals("slow"));
  }
}
