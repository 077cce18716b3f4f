"""The one typed settings tree: every address, limit and name a deployment may change.

Read, strongest first, from the process environment (``TRM_NEO4J__PASSWORD``), from ``.env``, and from
``stack.env`` in the home directory, which the native stack writes so that a second shell finds its servers.
Secrets have defaults in the local profile only; the production profile refuses to start without them.
"""

import os
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ontology.enums import DecisionPolicy
from ontology.scopes import Scope
from runtime import locks

HOME_VARIABLE = "TRM_HOME"
"""Environment variable that names the directory of everything the native stack installs and writes."""

LOCAL_OPERATOR = "olga@trm.test"
"""Who has every authority in the local profile; refused in production."""

LOCAL_SECRET = "trm-local-secret"  # noqa: S105 - the local profile's public password, refused in production


DEBUG_VARIABLE = "TRM_DEBUG"
"""Environment variable under which a command that fails shows where, beside the sentence that says what."""


def debugging() -> bool:
    """Whether it is set; asked of the environment itself, since the settings may be what fails."""
    return os.environ.get(DEBUG_VARIABLE, "").lower() not in {"", "0", "false", "no"}


def home() -> Path:
    """Directory of installed parts, data, logs and ``stack.env`` (``.trm`` in the current directory)."""
    return Path(os.environ.get(HOME_VARIABLE, ".trm")).absolute()


Port = Annotated[int, Field(ge=1, le=65_535)]
"""Number of a TCP port."""

Folder = Annotated[Path, AfterValidator(Path.expanduser)]
"""Path of a folder; ``~`` is the user's own, as in a shell."""


class ApiSettings(BaseModel):
    """The gateway: addresses and limits of the HTTP interface."""

    host: str = "127.0.0.1"
    port: Port = 8000
    operations_port: Port = Field(9464, description="liveness, readiness and metrics; never public")
    public_url: str = "http://127.0.0.1:8000"
    body_limit: int = Field(65_536, description="largest accepted request body, bytes")
    page_limit: int = Field(100, description="largest page of a list")
    start_timeout: float = Field(1.2, description="seconds a workflow start may take before its outcome is unknown")
    describe_timeout: float = Field(0.6, description="seconds to look after a start whose outcome is unknown")
    duplicate_timeout: float = Field(0.25, description="seconds a POST asks the graph for a forgotten duplicate")
    change_wait: float = Field(2.0, description="seconds a change is waited for when the client does not say")
    wait_limit: float = Field(10.0, description="longest honoured Prefer: wait, seconds")
    retry_after: int = Field(2, description="seconds in Retry-After when a dependency is away")
    keep_alive: int = Field(
        75, ge=1, description="seconds an idle connection stays open: longer than clients and proxies keep theirs"
    )
    cursor_secret: SecretStr = SecretStr(LOCAL_SECRET)
    cors_origins: list[str] = Field([], description="origins whose pages may call the gateway, beside the dashboard's")


class DashboardSettings(BaseModel):
    """The page for people, and the small web server that serves it."""

    host: str = "127.0.0.1"
    port: Port = 3000
    public_url: str = Field(
        "http://127.0.0.1:3000", description="origin under which browsers find the page; empty: there is none"
    )
    folder: Folder = Field(Path("ui/dist"), description="the built page; the native stack builds its own")
    client_id: str = Field("trm-spa", description="the page's client at the issuer: public, with PKCE")
    scopes: list[str] = Field(
        ["openid", "profile", "email", "offline_access", *Scope],
        description="what the page asks the issuer for; people get what they may",
    )


class LiveSettings(BaseModel):
    """``/ws/live`` and ``/v1/live``: what happens, as it happens."""

    per_subject: int = Field(20, ge=1, description="streams of one subject at one gateway")
    waiting: int = Field(1_000, ge=1, description="events that may wait for a slow reader, who is then dropped")
    remembered: int = Field(20_000, ge=1, description="latest change records, by which a gateway resumes")
    replayed: int = Field(10_000, ge=1, description="most change records that are read again for who resumes")
    heartbeat: float = Field(15.0, gt=0, description="seconds of silence after which a sign of life is sent")
    refresh: float = Field(15.0, gt=0, description="seconds after which is looked up anew who a listener is")
    ticket_age: float = Field(30.0, gt=0, description="seconds in which a ticket lets somebody in")
    frame_limit: int = Field(65_536, ge=1, description="largest frame that a client may send, bytes")


class IdentitySettings(BaseModel):
    """The OIDC issuer whose access tokens the gateway accepts."""

    issuer: str = "http://127.0.0.1:9400"
    audience: str = "https://api.trm.test"
    jwks_url: str = Field("", description="empty: <issuer>/.well-known/jwks.json")
    algorithms: list[str] = ["RS256", "ES256"]
    token_types: list[str] = Field(["at+jwt"], description="accepted `typ` headers; Supabase sends JWT")
    scope_claims: list[str] = Field(
        ["scope", "scp"], description="claims that hold scopes, all together; a dot leads into a nested one"
    )
    default_scopes: list[Scope] = Field([], description="of every token that has none of the scope claims")
    name_claims: list[str] = Field(["name"], description="claims that may hold the full name; the first usable counts")
    email_claim: str = "email"
    email_verified_claim: str = "email_verified"
    email_always_verified: bool = Field(
        False,
        description="true only if the issuer lets nobody have an address that is not theirs: it says who they are",
    )
    authorities: dict[str, list[str]] = Field(
        default_factory=lambda: {name: [LOCAL_OPERATOR] for name in ("founder", "moderator", "operator")},
        description="authority → whose it is: verified addresses, `claim=value` of tokens, `@handle` of people",
    )
    leeway: int = Field(60, description="seconds of clock difference that are forgiven")
    jwks_min_interval: float = Field(60.0, description="seconds between two fetches for an unknown key id")
    jwks_max_age: float = Field(3600.0, description="seconds after which the issuer's keys are read again")
    jwks_max_bytes: int = Field(262_144, description="a longer answer is not read")
    client_id: str = Field("trm-worker", description="client of `trm token` and the seed")
    client_secret: SecretStr = SecretStr(LOCAL_SECRET)

    @model_validator(mode="before")
    @classmethod
    def take_scope_claim(cls, said: Any) -> Any:
        """``scope_claim`` is the earlier setting of one claim; ``scope_claims`` goes before it."""
        if isinstance(said, dict) and said.get("scope_claim"):
            return {"scope_claims": [said["scope_claim"]], **said}
        return said


class TemporalSettings(BaseModel):
    """The durable execution server."""

    target: str = "127.0.0.1:7233"
    namespace: str = "trm"
    task_queue: str = "trm-agents"
    api_key: SecretStr | None = None
    tls: bool = False
    ui_url: str = "http://127.0.0.1:8233"
    retention: timedelta = timedelta(days=30)
    max_cached_workflows: int = 200
    max_concurrent_workflow_tasks: int = 16
    max_concurrent_activities: int = 64
    max_concurrent_local_activities: int = 64
    max_concurrent_files: int = Field(2, ge=1, description="files of REST that are imported side by side")
    max_concurrent_texts: int = Field(2, ge=1, description="batches of imports whose texts are embedded side by side")
    sandbox: bool = Field(False, description="tests run sandboxed; the sandbox doubles a worker's CPU")
    graceful_shutdown: timedelta = timedelta(seconds=10)
    correction_window: timedelta = Field(
        timedelta(hours=1), description="how long who gave or wrote something may correct it"
    )
    sweep_every: timedelta = Field(timedelta(minutes=5), description="how often change records are looked after")
    watch_every: timedelta = Field(
        timedelta(minutes=5), description="how often is looked for what is wrong with the system itself; 0: never"
    )
    audit_every: timedelta = Field(
        timedelta(days=1), description="how often every store is read whole and compared; 0: never"
    )
    watch_since: timedelta = Field(
        timedelta(days=7), description="how long ago a run may have failed for good to be a trouble of the system"
    )
    sweep_age: timedelta = Field(timedelta(minutes=1), description="younger events are still on their way to Kafka")
    reference_patience: timedelta = Field(
        timedelta(minutes=5), description="how long a write waits for a project, task or tension it names by id"
    )


class TensionSettings(BaseModel):
    """What becomes of tensions that nobody sees to."""

    stalled_after: timedelta = Field(
        timedelta(hours=48),
        description="without a change or comment for so long, a tension goes to the next in the list",
    )
    escalation: list[str] = Field(["moderator"], description="authorities, in order; empty: none is escalated")
    sweep_every: timedelta = Field(timedelta(minutes=15), description="how often they are looked for")
    sweep_most: int = Field(200, ge=1, description="how many are escalated in one pass, those that wait longest first")


class ProjectSettings(BaseModel):
    """What becomes of projects and tasks that are due; they are looked for as often as tensions that stand still."""

    remind_before: timedelta = Field(timedelta(hours=24), description="so long before it is due, people are reminded")
    critical_before: timedelta = Field(
        timedelta(hours=24), description="so long before, a critical task that is not half done becomes a tension"
    )
    sweep_most: int = Field(200, ge=1, description="how many are told in one pass, the first due first")


class DecisionTerms(BaseModel):
    """Whom a kind of decision is asked of, and what happens while nobody answers; every time from when it was asked."""

    authorities: list[str] = Field(["operator"], description="whoever has one of them is asked")
    remind_after: timedelta | None = timedelta(days=1)
    escalate_after: timedelta | None = Field(timedelta(days=2), description="each next in the list as much later")
    escalation: list[str] = Field([], description="authorities that are asked too, one after another")
    deadline: timedelta | None = timedelta(days=7)
    policy: DecisionPolicy = Field(DecisionPolicy.LEAVE_OPEN, description="what becomes of it at the deadline")


class TensionTerms(DecisionTerms):
    """Terms of what is decided on a tension; of one that is private only its people are asked."""

    authorities: list[str] = Field(["moderator"], description="whoever has one of them is asked")


class ProjectTerms(DecisionTerms):
    """Terms of whether a project is carried out."""

    authorities: list[str] = Field(["founder"], description="whoever has one of them is asked")


class WinTerms(DecisionTerms):
    """Terms of whether a score is published; who managed the project is not asked."""

    authorities: list[str] = Field(["founder"], description="whoever has one of them is asked")
    escalation: list[str] = Field(
        ["moderator"],
        description="authorities that are asked too, one after another: every founder may have managed it",
    )


class WinSettings(BaseModel):
    """What projects were worth."""

    gather: timedelta = Field(
        timedelta(seconds=5), ge=timedelta(), description="what bears on a score is awaited so long"
    )
    overlooked_after: timedelta = Field(
        timedelta(minutes=15), gt=timedelta(), description="then the sweep scores what no run has scored"
    )
    sweep_most: int = Field(100, ge=1, description="scores that one pass wakes because time moved them")
    moved: float = Field(10.0, ge=0, le=100, description="points by which a published score may move unasked")


class DecisionSettings(BaseModel):
    """What humans are asked to decide."""

    person_merge: DecisionTerms = DecisionTerms()
    tension_severity: TensionTerms = TensionTerms()
    person_mention: TensionTerms = TensionTerms()
    model_promotion: DecisionTerms = DecisionTerms()
    project_approval: ProjectTerms = ProjectTerms()
    win_approval: WinTerms = WinTerms()
    sweep_most: int = Field(50, ge=1, description="how many lost runs begin again in one pass, the oldest first")
    longest_delegation: timedelta = Field(timedelta(days=90), description="for how long somebody else may decide")

    @model_validator(mode="after")
    def refuse_to_choose_somebody(self) -> Self:
        """Nobody is taken for someone else, and no project is approved, because nobody answered."""
        if self.person_mention.policy == DecisionPolicy.APPROVE:
            raise ValueError("TRM_DECISIONS__PERSON_MENTION__POLICY: only an answer says who is meant, no policy")
        if self.project_approval.policy == DecisionPolicy.APPROVE:
            raise ValueError("TRM_DECISIONS__PROJECT_APPROVAL__POLICY: a project is approved by somebody, no policy")
        if self.win_approval.policy == DecisionPolicy.APPROVE:
            raise ValueError("TRM_DECISIONS__WIN_APPROVAL__POLICY: a score is published by somebody, no policy")
        return self


class JudgementSettings(BaseModel):
    """What the machine says of tensions, and how it learns from what humans say of them."""

    learn_every: timedelta = Field(
        timedelta(days=7), ge=timedelta(), description="how often a model is made of new labels; PT0S: only when asked"
    )
    promoted_every: float = Field(
        5.0, ge=0, description="seconds after which a judgement's worker looks again which model was promoted"
    )
    at_once: int = Field(2, ge=1, description="tensions that are judged side by side")
    windows: int = Field(
        2, ge=1, description="windows of 512 tokens by which the meaning of a long text is judged; the rest is left out"
    )
    tolerated_loss: float = Field(
        0.05, description="what another model may be worse by, in quadratic kappa and F1, at the end of the interval"
    )
    tolerated_calibration_error: float = Field(0.08, description="how far its confidence may be from being right")


class GraphSettings(BaseModel):
    """Neo4j, the system of record."""

    uri: str = "bolt://127.0.0.1:7687"
    user: str = "neo4j"
    password: SecretStr = SecretStr(LOCAL_SECRET)
    database: str = "neo4j"
    pool_size: int = 32
    at_once: int = Field(
        8, ge=1, description="transactions of a process side by side; the others wait, so that each is soon done"
    )
    connect_timeout: float = 2.0
    transaction_timeout: float = Field(8.0, description="seconds after which the server ends a transaction")


class KnowledgeSettings(BaseModel):
    """PostgreSQL with pgvector."""

    host: str = "127.0.0.1"
    port: Port = 5432
    user: str = "trm"
    password: SecretStr = SecretStr(LOCAL_SECRET)
    database: str = "trm"
    ssl: bool = False
    pool_max: int = 8
    connect_timeout: float = 2.0
    command_timeout: float = 10.0
    search_timeout: float = Field(
        1.5, description="seconds a search may take, its query's embedding included, before it answers 503"
    )
    query_vector_timeout: float = Field(
        1.0, gt=0, description="seconds to wait for a query's vector; then words alone are searched"
    )
    query_vectors: int = Field(256, ge=0, description="vectors of queries a gateway keeps")
    query_vector_age: float = Field(60.0, description="seconds for which it keeps them")
    hnsw_ef_search: int = 100
    rrf_k: int = Field(10, description="constant of the reciprocal rank fusion; less counts the first ranks more")
    bm25_k1: float = 0.9
    bm25_b: float = 0.4
    bm25_spelling: float = Field(
        0.5, description="weight of a word matched as it is written, accents included, beside its folded match's 1"
    )
    arm_depth: int = Field(100, description="candidates each search arm hands to the fusion")


class EmbeddingSettings(BaseModel):
    """The embedding provider: the local model, or OpenAI and anything that speaks its wire format."""

    provider: Literal["e5", "openai"] = "e5"
    openai_model: str = "text-embedding-3-small"
    openai_base_url: str = "https://api.openai.com/v1"
    openai_api_key: SecretStr | None = None
    openai_timeout: float = 20.0
    openai_tries: int = Field(3, ge=1, description="per call; after them the workflow's retry policy waits")
    openai_longest_wait: float = Field(10.0, description="seconds of waiting inside a call; longer waits are handed on")
    openai_refusal_wait: float = Field(300.0, description="seconds until a refused key, quota, model or text is tried")
    openai_longest_text: int = Field(
        12_000, description="characters of a text that are embedded; the model has a limit"
    )
    batch_size: int = Field(64, description="texts per provider call")
    batch_characters: int = Field(65_536, ge=1, description="characters with which a provider call has enough")
    batch_window: float = Field(0.01, description="seconds a request waits for company")
    threads: int = Field(1, description="BLAS threads of one computation of the local model")
    workers: int = Field(2, ge=1, description="computations of the local model side by side")
    windows: int = Field(
        16, ge=1, description="windows of 512 tokens of a long text that the local model embeds; the rest is left out"
    )


class EventSettings(BaseModel):
    """Kafka and the schema registry."""

    bootstrap_servers: str = "127.0.0.1:9092"
    registry_url: str = "http://127.0.0.1:8081/apis/ccompat/v7"
    registry_timeout: float = 5.0
    security_protocol: Literal["PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_user: str = ""
    sasl_password: SecretStr | None = None
    source: str = Field("urn:trm:gateway", description="CloudEvents source of our own events")
    allowed_sources: dict[str, list[str]] = Field(
        default_factory=lambda: {"*": ["*"]},
        description="event type (or *) → sources the bridge accepts (or *); ours is always skipped",
    )
    clock_skew: timedelta = Field(
        timedelta(minutes=5), description="how far another system's clock may be ahead; what is to come is refused"
    )
    consumer_group: str = "trm-bridge"
    in_flight: int = Field(16, ge=1, description="messages of one partition the bridge has in hand at once")
    partitions: int = 3
    replication: int = 1
    recognitions_topic: str = "trm.recognitions"
    knowledge_topic: str = "trm.knowledge"
    tensions_topic: str = "trm.tensions"
    projects_topic: str = "trm.projects"
    changes_topic: str = "trm.changes"
    dead_letters_topic: str = "trm.deadletters"
    request_timeout: float = 10.0


class ImportSettings(BaseModel):
    """``trm import`` and ``/v1/imports``: how rows are read and how many go together."""

    time_zone: str = Field("UTC", description="of dates without an offset: an IANA name, or an offset as +07:00")
    batch_rows: int = Field(200, ge=1, description="rows of one workflow run")
    batch_bytes: int = Field(1_000_000, description="and at most so much JSON: Temporal refuses payloads of 2 MiB")
    in_flight: int = Field(3, ge=1, description="batches at once")
    transaction_rows: int = Field(100, ge=1, description="rows of one graph transaction")
    texts: int = Field(128, ge=1, description="texts that are embedded and stored together")
    texts_wait: timedelta = Field(
        timedelta(seconds=30), description="how long each such call waits for rows that are being written"
    )
    patience: timedelta = Field(timedelta(minutes=10), description="how long to wait for a Temporal that went away")
    file_bytes: int = Field(10_000_000, ge=1, description="largest file that is taken over REST")
    file_rows: int = Field(100_000, ge=1, description="most rows of such a file")
    previews_at_once: int = Field(2, ge=1, description="such files that one gateway reads side by side")
    kept: timedelta = Field(timedelta(days=7), description="how long such a file is kept after it was last touched")
    sweep_every: timedelta = Field(timedelta(hours=1), description="how often those that are too old are deleted")


class TelemetrySettings(BaseModel):
    """Traces, logs and metrics."""

    exporter: Literal["none", "zipkin", "otlp"] = "none"
    zipkin_url: str = "http://127.0.0.1:9411/api/v2/spans"
    otlp_url: str = "http://127.0.0.1:4318/v1/traces"
    trace_url: str = Field(
        "http://127.0.0.1:9411/zipkin/traces/{traceId}", description="page of a trace in the viewer; empty: no links"
    )
    sample_ratio: float = 1.0
    log_format: Literal["json", "text"] = "json"
    log_level: str = "INFO"
    operations_host: str = Field(
        "127.0.0.1", description="where every process serves its operations port; never a public address"
    )
    worker_port: Port = Field(9465, description="operations port of the agents' worker")
    worker_runtime_port: Port = Field(9467, description="Temporal SDK runtime metrics of the worker")
    judgement_port: Port = Field(9468, description="operations port of the judgement's worker")
    bridge_port: Port = Field(9466, description="operations port of the bridge")

    def operations_address(self, port: int) -> str:
        """Host and port under which an operations port is bound, as a URL writes them."""
        return f"[{self.operations_host}]:{port}" if ":" in self.operations_host else f"{self.operations_host}:{port}"

    def operations_url(self, port: int, path: str) -> str:
        """Where this machine reaches an operations port; one bound to every address is reached at the loopback."""
        loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
        near = self.model_copy(update={"operations_host": loopback.get(self.operations_host, self.operations_host)})
        return f"http://{near.operations_address(port)}{path}"


class StackSettings(BaseModel):
    """The native stack (``make run``): first ports and memory of the servers it starts itself."""

    data: Folder | None = Field(None, description="data and logs; default: data in the home directory")
    parts: Folder | None = Field(None, description="downloaded parts; default: parts in the home directory")
    data_space: int = Field(500, description="megabytes that must be free for data and logs")
    parts_space: int = Field(1500, description="megabytes that must be free where parts are still to be downloaded")
    memory_share: float = Field(
        1.0, ge=0, description="share of the servers' usual memory that must be free; 0: start whatever is free"
    )
    maven_mirror: str = Field("", description="a mirror of Maven Central, when the default is not reachable")
    temporal_port: Port = 7233
    temporal_ui_port: Port = 8233
    temporal_http_port: Port = 7243
    temporal_metrics_port: Port = 7250
    kafka_port: Port = 9092
    kafka_controller_port: Port = 9093
    neo4j_port: Port = 7687
    neo4j_http_port: Port = 7474
    registry_port: Port = 8081
    registry_management_port: Port = 8082
    zipkin_port: Port = 9411
    issuer_port: Port = 9400
    user_password: SecretStr = Field(SecretStr(LOCAL_SECRET), description="of the local issuer's people")
    kafka_heap: str = "256m"
    neo4j_heap: str = "512m"
    neo4j_replan: str = Field(
        "10m", description="how long a query's plan is kept at least, though the data outgrew what it was made for"
    )
    neo4j_page_cache: str = "128m"
    registry_heap: str = "192m"
    zipkin_heap: str = "192m"
    log_megabytes: int = Field(10, ge=1, description="size at which a server's log is begun anew")
    logs_kept: int = Field(3, ge=0, description="older logs that are kept for each server")
    ready_timeout: float = Field(180.0, description="seconds a server may take to be ready")


class Settings(BaseSettings):
    """The whole tree. Environment names: ``TRM_<SECTION>__<FIELD>``."""

    model_config = SettingsConfigDict(
        env_prefix="TRM_", env_nested_delimiter="__", env_file=".env", extra="ignore", frozen=True
    )

    profile: Literal["local", "production"] = "local"
    api: ApiSettings = ApiSettings()
    dashboard: DashboardSettings = DashboardSettings()
    live: LiveSettings = LiveSettings()
    identity: IdentitySettings = IdentitySettings()
    temporal: TemporalSettings = TemporalSettings()
    tensions: TensionSettings = TensionSettings()
    projects: ProjectSettings = ProjectSettings()
    wins: WinSettings = WinSettings()
    decisions: DecisionSettings = DecisionSettings()
    judgement: JudgementSettings = JudgementSettings()
    graph: GraphSettings = GraphSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    events: EventSettings = EventSettings()
    imports: ImportSettings = ImportSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    stack: StackSettings = StackSettings()

    @property
    def origins(self) -> list[str]:
        """Origins whose pages may call the gateway and listen to the live feed."""
        return [*filter(None, [self.dashboard.public_url.rstrip("/")]), *self.api.cors_origins]

    @model_validator(mode="after")
    def refuse_local_secrets_in_production(self) -> Self:
        """Fail closed: no secret of the local profile may serve a production deployment."""
        if self.profile != "production":
            return self
        secrets = {
            "TRM_API__CURSOR_SECRET": self.api.cursor_secret,
            "TRM_IDENTITY__CLIENT_SECRET": self.identity.client_secret,
            "TRM_GRAPH__PASSWORD": self.graph.password,
            "TRM_KNOWLEDGE__PASSWORD": self.knowledge.password,
        }
        missing = sorted(name for name, value in secrets.items() if value.get_secret_value() == LOCAL_SECRET)
        if self.embedding.provider == "openai" and self.embedding.openai_api_key is None:
            missing.append("TRM_EMBEDDING__OPENAI_API_KEY")
        if self.events.allowed_sources.get("*") == ["*"]:
            missing.append("TRM_EVENTS__ALLOWED_SOURCES")
        if any(LOCAL_OPERATOR in members for members in self.identity.authorities.values()):
            missing.append("TRM_IDENTITY__AUTHORITIES")
        if missing:
            raise ValueError(f"the production profile needs: {', '.join(missing)}")
        return self


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read the tree once per process."""
    # The addresses of a stack that was killed stay behind, and are no more than that.
    running = (home() / "stack.env",) if locks.held(home() / "stack.lock") else ()
    return Settings(_env_file=(*running, ".env"))
