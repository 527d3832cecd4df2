"""A real Elasticsearch: the vendor's test distribution from Maven Central, and our plugin.

The distribution has the server but not the module "analysis-common"; the plugin in the folder
`elasticsearch/` registers the parts of it that the portal uses. Nothing of it is kept in the
repository: it is fetched once into a cache folder.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from tests.services.processes import (
    Unavailable,
    cache_root,
    demoted,
    free_port,
    hand_over,
    run,
    scratch,
    wait_until,
)

VERSION = "8.19.21"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SOURCES = Path(__file__).parent / "elasticsearch"
# A small heap and the quick compiler: the node lives for minutes and holds a few thousand texts.
HEAP = "256m"
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC -XX:-AlwaysPreTouch"
START_SECONDS = 90
DESCRIPTOR = f"""name=testkit
description=Analysis components for tests
version=1.0
elasticsearch.version={VERSION}
java.version=17
classname=testkit.TestkitPlugin
"""
CONFIGURATION = """
cluster.name: {cluster}
node.name: {name}
network.host: 127.0.0.1
http.port: {port}
transport.port: {transport_port}
path.data: {folder}/data
path.logs: {folder}/logs
{discovery}
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
action.destructive_requires_name: false
"""


def java_home() -> Path:
    compiler = shutil.which("javac")
    if compiler is None:
        raise Unavailable("javac is not installed (a JDK of version 17 or later)")
    return Path(compiler).resolve().parent.parent


def install() -> Path:
    """Return the folder of an unpacked server with the plugin, made now if it is not there yet."""
    sources = sorted(SOURCES.glob("*.java"))
    print_of_sources = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    root = cache_root()
    root.mkdir(parents=True, exist_ok=True)
    home = root / f"elasticsearch-{VERSION}-{print_of_sources[:12]}"
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            _build(home, _fetch(root), sources)
    return home


def _fetch(root: Path) -> Path:
    archive = root / f"elasticsearch-{VERSION}.zip"
    if not archive.exists():
        if shutil.which("mvn") is None:
            raise Unavailable("mvn is not installed (Maven fetches the server)")
        part = root / "download"
        options = [f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={part}"]
        run(["mvn", "-q", "-B", "dependency:copy", *options, "-Dmdep.useBaseVersion=true"])
        (part / archive.name).rename(archive)
    return archive


def _build(home: Path, archive: Path, sources: list[Path]) -> None:
    """Unpack and add the plugin beside the final place, then rename: never half a server."""
    half = home.with_suffix(".part")
    shutil.rmtree(half, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(half)
    server = half / f"elasticsearch-{VERSION}"
    for program in (server / "bin").iterdir():
        program.chmod(0o755)
    plugin = server / "plugins" / "testkit"
    classes = half / "classes"
    plugin.mkdir(parents=True)
    tools = java_home() / "bin"
    libraries = f"{server / 'lib'}/*"
    compiler = [str(tools / "javac"), "--release", "17", "-nowarn", "-cp", libraries]
    run([*compiler, "-d", str(classes), *map(str, sources)])
    run([str(tools / "jar"), "cf", str(plugin / "testkit.jar"), "-C", str(classes), "."])
    (plugin / "plugin-descriptor.properties").write_text(DESCRIPTOR)
    server.rename(home)
    shutil.rmtree(half)


class Elasticsearch:
    """One node without security on the loopback address."""

    def __init__(self, name: str = "test", cluster: str = "jianyan-test", heap: str = HEAP) -> None:
        self.name, self.cluster, self.heap = name, cluster, heap
        self.port, self.transport_port = free_port(), free_port()
        self.process: subprocess.Popen | None = None
        self.folder: Path | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> str:
        """Start the node and return its address for ELASTICSEARCH_URL."""
        self.launch("discovery.type: single-node")
        self.wait()
        return self.url

    def launch(self, discovery: str) -> None:
        """Make the node's folder, with how it finds the others, and begin to start it."""
        home = install()
        self.folder = scratch("elasticsearch")
        configuration = self.folder / "config"
        for folder in (configuration / "jvm.options.d", self.folder / "logs", self.folder / "tmp"):
            folder.mkdir(parents=True)
        for name in ("jvm.options", "log4j2.properties"):
            shutil.copy(home / "config" / name, configuration)
        (configuration / "elasticsearch.yml").write_text(
            CONFIGURATION.format(
                cluster=self.cluster,
                name=self.name,
                port=self.port,
                transport_port=self.transport_port,
                folder=self.folder,
                discovery=discovery,
            )
        )
        hand_over(self.folder)
        self._run()

    def _run(self) -> None:
        home = install()
        environment = os.environ | {
            "ES_JAVA_HOME": str(java_home()),
            "ES_JAVA_OPTS": f"-Xms{self.heap} -Xmx{self.heap} {JAVA_OPTIONS}",
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_TMPDIR": str(self.folder / "tmp"),
            "HOME": str(self.folder),
        }
        with (self.folder / "logs" / "output").open("a") as output:
            self.process = subprocess.Popen(
                [str(home / "bin" / "elasticsearch")],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **demoted(),
            )

    def wait(self) -> None:
        """Wait until the node answers."""
        try:
            wait_until(self._answers, START_SECONDS, "Elasticsearch")
        except Unavailable as error:
            log = (self.folder / "logs" / "output").read_text()[-3000:]
            self.stop()
            raise Unavailable(f"{error}\n{log}") from error

    def kill(self) -> None:
        """End it at once, with no time to finish anything (SIGKILL)."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def start_again(self) -> None:
        """Start it on the data it left."""
        self._run()
        self.wait()

    def pause(self) -> None:
        """Have it hang: it takes connections and does nothing (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on where it stopped."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End the launcher and its server, which share a process group of their own."""
        if self.process.poll() is None:
            self._signal(signal.SIGCONT)
            self._signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, what: signal.Signals) -> None:
        os.killpg(self.process.pid, what)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise Unavailable("Elasticsearch ended while it started")
        try:
            with urllib.request.urlopen(self.url, timeout=2) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False


class Cluster:
    """Three nodes on the loopback address, each with a folder and ports of its own."""

    def __init__(self) -> None:
        self.nodes = [Elasticsearch(f"node{n}", "jianyan-cluster") for n in range(3)]

    @property
    def url(self) -> str:
        return ",".join(node.url for node in self.nodes)

    def start(self) -> str:
        """Start them and return their addresses for ELASTICSEARCH_URL."""
        seeds = ", ".join(f"127.0.0.1:{node.transport_port}" for node in self.nodes)
        names = ", ".join(node.name for node in self.nodes)
        discovery = f"discovery.seed_hosts: [{seeds}]\ncluster.initial_master_nodes: [{names}]"
        for node in self.nodes:
            node.launch(discovery)
        for node in self.nodes:
            node.wait()
        return self.url

    def kill(self, name: str) -> None:
        """End one node at once (SIGKILL)."""
        [node] = [node for node in self.nodes if node.name == name]
        node.kill()

    def stop(self) -> None:
        """End those that were started."""
        for node in self.nodes:
            if node.process is not None:
                node.stop()
