package dev.portolan.local;

import dev.portolan.failure.Failure;
import dev.portolan.invocation.Invocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Functions over an order whose `folder` says what they do: they write into its `log`. While there is a file
/// of a step's name, the step fails with the code in it, and with the time to come back after that may follow;
/// or it waits until the file is gone, if it says `WAIT`.
@Configuration
public class ShopConfiguration {

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> reserve() {
        return order -> called(order, "reserve");
    }

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> release() {
        return order -> called(order, "release");
    }

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> charge() {
        return order -> called(order, "charge");
    }

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> ship() {
        return order -> called(order, "ship");
    }

    private static Map<String, Object> called(Map<String, Object> order, String name) {
        Path folder = Path.of(String.valueOf(order.get("folder")));
        try {
            Files.writeString(
                    folder.resolve("log"),
                    Invocation.current().key() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            Path failure = folder.resolve(name);
            if (Files.exists(failure)) {
                String[] words = Files.readString(failure).strip().split(" ", 2);
                while (words[0].equals("WAIT") && Files.exists(failure)) {
                    Thread.sleep(10);
                }
                if (!words[0].equals("WAIT")) {
                    Failure thrown = new Failure(Failure.Code.valueOf(words[0]), "the " + name + " service is out");
                    throw words.length == 1 ? thrown : thrown.withRetryAfter(Duration.parse(words[1]));
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> output = new LinkedHashMap<>(order);
        output.put(name, true);
        return output;
    }
}
