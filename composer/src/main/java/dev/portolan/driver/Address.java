package dev.portolan.driver;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Nearest;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Names a driver and what it is to open: `dynamodb:portolan-state`. Without a colon all of it is the scheme.
///
/// @param place where it was written, for messages: a variable, an option
/// @param scheme says which driver
/// @param name what the driver is to open; may be empty
public record Address(String place, String scheme, String name) {

    /// Reads an address.
    public static Address of(String place, String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new Address(place, text.strip(), "")
                : new Address(
                        place,
                        text.substring(0, colon).strip(),
                        text.substring(colon + 1).strip());
    }

    /// Opens what it names.
    ///
    /// @param own schemes that the caller serves without a driver, for the message
    /// @param loader finds the drivers
    /// @param port which of its ports the driver is to serve
    /// @throws Failure naming the place: `NOT_FOUND` with the nearest scheme if no driver has this one;
    ///     `FAILED_PRECONDITION` if the driver cannot serve the port, or its client's library is missing
    public <T> T open(Set<String> own, ClassLoader loader, Function<? super Driver, ? extends T> port) {
        Set<String> known = new TreeSet<>(own);
        for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
            if (driver.scheme().equals(scheme)) {
                return opened(driver, port);
            }
            known.add(driver.scheme());
        }
        throw refused(known);
    }

    private <T> T opened(Driver driver, Function<? super Driver, ? extends T> port) {
        try {
            return port.apply(driver);
        } catch (Failure failure) {
            throw new Failure(failure.code(), place + ": " + failure.detail(), failure);
        } catch (LinkageError e) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    place + ": '" + scheme + "' lacks a class of its service's client; put its library beside it",
                    e);
        }
    }

    private Failure refused(Set<String> known) {
        String there = known.isEmpty() ? "none" : String.join(", ", known);
        return new Failure(
                Code.NOT_FOUND,
                place + ": no driver '" + scheme + "' (there is " + there + ", and others come with their jars)"
                        + Nearest.hint(scheme, known));
    }
}
