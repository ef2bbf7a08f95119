package dev.portolan.composer.example;

import dev.portolan.failure.Failure;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Invocation;
import java.util.Optional;
import java.util.function.Function;

/// Sets goods aside for an order. The example of the design page.
public final class Reserve implements Function<Reserve.Order, Chain<Reserve.Reservation>> {

    /// What a definition says under `with:`.
    public record Config(String warehouse, Optional<Integer> most) {}

    /// What the function wants to know of its input.
    public record Order(String sku, int quantity, Optional<String> note) {}

    /// What it adds.
    public record Reservation(String reservation, String warehouse) {}

    /// Where goods are set aside, once per key.
    public interface Stock {
        void reserve(String key, String tenant, String sku, int quantity);
    }

    private final Stock stock;
    private final Config config;

    public Reserve(Stock stock, Config config) {
        this.stock = stock;
        this.config = config;
    }

    @Override
    public Chain<Reservation> apply(Order order) {
        if (order.quantity() == 0) {
            return Chain.end(new Reservation("none", config.warehouse()));
        }
        if (order.quantity() > config.most().orElse(100)) {
            throw Failure.invalid("/quantity", "more than this warehouse gives");
        }
        Invocation invocation = Invocation.current();
        String tenant = invocation.headers().first("tenant");
        stock.reserve(invocation.key(), tenant == null ? "nobody" : tenant, order.sku(), order.quantity());
        return Chain.next(new Reservation(invocation.key(), config.warehouse()));
    }
}
