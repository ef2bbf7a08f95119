package dev.portolan.intake;

import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import java.util.Set;
import java.util.function.Supplier;

/// The functions of this package under their names, over the drivers that a deployment chose.
///
/// @param addresses tells an e-mail address from other text
/// @param schemas finds the schema that a `validate` step names
/// @param profiles what `enrich` looks up
/// @param templates finds the template that a `notify` step names
/// @param notifier opens what sends what `notify` writes, when a step does: once, or the same each time
public record IntakeFunctions(
        AddressCheck addresses,
        Schemas schemas,
        ProfileDirectory profiles,
        Templates templates,
        Supplier<? extends Notifier> notifier)
        implements FunctionModule {

    /// The names, for whoever must choose others.
    public static final Set<String> NAMES = Set.of("validate", "enrich", "notify");

    @Override
    public void register(FunctionRegistrar functions) {
        functions.configured(
                "validate", Validate.class, Validate.Config.USUAL, config -> new Validate(addresses, schemas, config));
        functions.configured("enrich", Enrich.class, Enrich.Config.USUAL, config -> new Enrich(profiles, config));
        functions.configured(
                "notify", Notify.class, Notify.Config.USUAL, config -> new Notify(notifier.get(), templates, config));
    }
}
