"""The rows of the table: what is deployed, and how it is run."""

from dataclasses import dataclass, field, replace

PAYLOAD = {"name": "Ann", "email": "Ann.Smith@Example.COM", "amount": 42, "tags": ["x", "y"]}

# What every answer must contain: the address in lower case says that the functions ran.
ANSWER = "ann.smith@example.com"

ZIP = "JVM zip"
AOT = "JVM flat + AOT cache"
RESTORED = "JVM after a restore"

SPRING = "org.springframework.cloud.function.adapter.aws.FunctionInvoker"
SPRING_SETTINGS = {
    "MAIN_CLASS": "coldstart.Application",
    "SPRING_CLOUD_FUNCTION_DEFINITION": "validate|enrich|notify",
}

PORTOLAN = "dev.portolan.aws.lambda.LambdaEntryPoint"
PROFILE = '{"email": "ann.smith@example.com", "name": "Ann", "plan": "explorer"}\n'
STORED = PROFILE.strip().replace(" ", "")
DEFINITION = """\
pipeline: welcome
steps:
  - validate: {with: {schema: customer}}
  - enrich: {retry: {attempts: 5, delay: 200ms, factor: 2, cap: 30s}, timeout: 5s, with: {unknown-profile: fail}}
  - notify: {with: {template: welcome}}
"""

WELCOME = """\
pipeline: welcome
steps:
  - validate
  - enrich: {retry: {attempts: 5, delay: 200ms, factor: 2, cap: 30s}, timeout: 5s, with: {unknown-profile: fail}}
  - notify: {with: {template: welcome}}
"""


@dataclass(frozen=True)
class Row:
    """One row. `projects` are folders of projects/, or `portolan` and `drivers`; `files` lie in the task root beside the
    code. A row with a `table` finds one in the database, which knows this profile. Ratios are to the row `base`."""

    name: str
    title: str
    handler: str = "coldstart.Handler"
    projects: tuple = ()
    mode: str = ZIP
    settings: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    table: str = ""
    base: str = "raw"

    def needs(self):
        return self.projects or (self.name,)


def portolan(name, title, pipeline, user=None, configuration=None, mode=ZIP, files=None):
    settings = {"PORTOLAN_STORE": "memory", "PORTOLAN_PIPELINE": pipeline}
    if configuration:
        settings["PORTOLAN_CONFIGURATION"] = configuration
    if mode == RESTORED:
        settings["AWS_LAMBDA_INITIALIZATION_TYPE"] = "snap-start"
    return Row(name, title, PORTOLAN, ("portolan", user) if user else ("portolan",), mode, settings, files or {})


RAW = Row("raw", "plain handler + Jackson databind")
SHIPPED = "validate|enrich|notify"
SHIPPED_FILES = {
    "config/profiles/ann.smith@example.com.json": PROFILE,
    "config/templates/welcome.txt": None,  # the project's own
}
USERS = "check|complete|announce"


def dynamodb(name, mode=ZIP):
    files = {"config/templates/welcome.txt": None, "config/pipelines/welcome.yaml": None}
    row = portolan(name, "Portolan, the shipped definition, durable in DynamoDB", "welcome", mode=mode, files=files)
    return replace(
        row,
        projects=("portolan", "drivers", "dynamodb"),
        settings=row.settings | {"PORTOLAN_NOTIFIER": "memory"},
        table=STORED,
        base="raw-dynamodb",
    )


ROWS = [
    RAW,
    replace(RAW, name="raw-aot", mode=AOT, projects=("raw",)),
    Row("raw-dynamodb", "plain handler + Jackson databind + AWS's client as it comes", table=STORED, base="raw-dynamodb"),
    dynamodb("portolan-dynamodb"),
    dynamodb("portolan-dynamodb-aot", AOT),
    Row("direct", "functions called directly, light JSON"),
    Row("beans", "bare Spring bean factory, light JSON"),
    Row("context", "Spring application context, light JSON"),
    Row("catalog", "Spring Cloud Function's catalog, Boot not started"),
    Row("scf", "Spring Cloud Function's adapter, as published", SPRING, settings=SPRING_SETTINGS),
    Row("scfslim", "Spring Cloud Function's adapter, without webflux", SPRING, settings=SPRING_SETTINGS),
    Row("quarkus", "Quarkus", "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest"),
    Row("micronaut", "Micronaut"),
    portolan("portolan", "Portolan, the shipped functions", SHIPPED, files=SHIPPED_FILES),
    portolan("portolan-aot", "Portolan, the shipped functions", SHIPPED, mode=AOT, files=SHIPPED_FILES),
    portolan(
        "portolan-snapstart",
        "Portolan, the shipped functions under SnapStart",
        SHIPPED,
        mode=RESTORED,
        files=SHIPPED_FILES,
    ),
    portolan(
        "portolan-beans",
        "Portolan, a user's beans registered by code",
        USERS,
        "users-beans",
        "coldstart.UsersBeans",
    ),
    portolan(
        "portolan-configuration",
        "Portolan, a user's `@Configuration`",
        USERS,
        "users-configuration",
        "coldstart.UsersConfiguration",
    ),
    portolan(
        "portolan-welcome",
        "Portolan, the shipped definition, durable",
        "welcome",
        files=SHIPPED_FILES | {"config/pipelines/welcome.yaml": None},
    ),
    portolan(
        "portolan-transient",
        "Portolan, the same definition, not durable",
        "welcome",
        files=SHIPPED_FILES | {"config/pipelines/welcome.yaml": WELCOME},
    ),
    portolan(
        "portolan-yaml",
        "Portolan, a YAML definition and a JSON Schema",
        "welcome",
        files=SHIPPED_FILES | {"config/schemas/customer.json": None, "config/pipelines/welcome.yaml": DEFINITION},
    ),
]
