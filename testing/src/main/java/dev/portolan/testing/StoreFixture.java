package dev.portolan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// A fresh store for each test, its clock, and how the contract looks at it.
@Timeout(120)
abstract class StoreFixture {

    static final Instant START = Instant.parse("2030-05-06T07:08:09.010Z");
    static final byte[] VALUE = bytes("value");

    /// Keys and group names that some database, somewhere, treats as something else.
    static final List<String> AWKWARD = List.of(
            "a",
            "A",
            " a",
            "a ",
            " ",
            "\t",
            "\n",
            "\r\n",
            "\0",
            "a\0",
            "a\0b",
            "\0\0",
            "/",
            "a/b",
            "a//b",
            "/a/",
            ".",
            "..",
            "../a",
            "__x__",
            "__name__",
            "#",
            "a#b",
            "%",
            "%2F",
            "a%2Fb",
            "%00",
            "_",
            "*",
            "?",
            "[a]",
            "{a}",
            "\"",
            "'",
            "`",
            "\\",
            "\\0",
            "'; DROP TABLE entry; --",
            "null",
            "true",
            "0",
            "00",
            "1e3",
            "\u00e9",
            "e\u0301",
            "\u00df",
            "ss",
            "\u200b",
            "\ufeffa",
            "\u202ea",
            "\uffff",
            "\ud83d\ude00",
            "\udbff\udfff",
            "k".repeat(1024),
            "k".repeat(1023) + "l",
            "\u00e9".repeat(512),
            "\ud83d\ude00".repeat(256));

    private volatile Instant now = START;
    StateStore store;

    /// Opens a fresh, empty store.
    ///
    /// @param clock tells the store the time, for what has expired
    protected abstract StateStore open(InstantSource clock);

    /// How long the indexes may take to show a write: each expectation of [StateStore#due] and
    /// [StateStore#group] is given that long to come true. Nothing where they never lag.
    protected Duration lag() {
        return Duration.ZERO;
    }

    @BeforeEach
    void openStore() {
        store = open(this::now);
    }

    /// Takes its time, so that a store which looks and writes in two steps is found out.
    private Instant now() {
        LockSupport.parkNanos(1);
        return now;
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    void at(Instant instant) {
        now = instant;
    }

    Entry create(String key) {
        return store.create(key, VALUE, Indexes.NONE, null);
    }

    Entry create(String key, Indexes indexes) {
        return store.create(key, VALUE, indexes, null);
    }

    Entry create(String key, @Nullable Instant expiresAt) {
        return store.create(key, VALUE, new Indexes(START, "group", START), expiresAt);
    }

    void assertHolds(Entry expected) {
        assertThat(store.find(expected.key()))
                .get()
                .usingRecursiveComparison()
                .withEqualsForType(Arrays::equals, byte[].class)
                .isEqualTo(expected);
    }

    ListAssert<String> assertListed(String prefix) {
        return assertThat(keys(list(prefix))).as("keys that start with %s", prefix);
    }

    List<Entry> list(String prefix) {
        return all(page -> store.list(prefix, page), 7);
    }

    List<Entry> due(Instant before) {
        return all(page -> store.due(before, page), 3);
    }

    List<Entry> group(String group, Instant since) {
        return all(page -> store.group(group, since, page), 3);
    }

    /// Everything that a listing has, from page to page.
    static List<Entry> all(Function<Page.Request, Page> listing, int limit) {
        List<Entry> entries = new ArrayList<>();
        Page.Request next = Page.Request.first(limit);
        for (int pages = 0; next != null; pages++) {
            assertThat(pages).as("pages of a listing that should have ended").isLessThan(1000);
            Page page = listing.apply(next);
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
            entries.addAll(page.entries());
            next = page.next();
        }
        return entries;
    }

    static List<String> keys(Collection<Entry> entries) {
        return entries.stream().map(Entry::key).toList();
    }

    /// Waits until an index shows these keys, in this order.
    void awaitKeys(Supplier<List<Entry>> index, String... keys) throws InterruptedException {
        awaitIndex(() -> assertThat(keys(index.get())).containsExactly(keys));
    }

    /// Waits until the indexes are such that an assertion holds.
    void awaitIndex(Runnable assertion) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() - start >= lag().toNanos()) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    static void assertRefused(Failure.Code code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.code()).as(failure.detail()).isEqualTo(code);
            assertThat(failure.effect()).isEqualTo(Failure.Effect.NONE);
        });
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
