"""Fetches real tokenizer vocabularies and their published test cases, for tests/vocabularies.rs.

    python tests/golden/fetch_vocabularies.py [--check]

They are part of the source archive of llama-cpp-python (`vendor/llama.cpp/models/`), which pip downloads from the Python
package index; nothing is built. They go where the test looks: THERMOSTAT_VOCABULARIES, or else `$XDG_CACHE_HOME/thermostat/vocabularies` or
`~/.cache/thermostat/vocabularies`. About 80 MB are downloaded and 20 MB kept. Does nothing when all files are there. They
are never committed. `--check` changes nothing: it prints the folder if all files are there, and fails if not.
"""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "llama-cpp-python==0.3.36"
ARCHIVE_SHA256 = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
NAMES = ["gpt-2", "llama-spm", "qwen2", "llama-bpe", "starcoder", "phi-3"]
SUFFIXES = ["gguf", "gguf.inp", "gguf.out"]


def default_folder() -> Path:
    if named := os.environ.get("THERMOSTAT_VOCABULARIES"):
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "thermostat" / "vocabularies"


def download(into: Path) -> Path:
    """The source archive. pip wants to read its build metadata, which needs the build back end's own wheels."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(into)]
    command += ["--no-binary", "llama-cpp-python", PACKAGE]
    subprocess.run(command, check=True)
    (archive,) = into.glob("*.tar.gz")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != ARCHIVE_SHA256:
        raise SystemExit(f"{archive.name} has the checksum {found}, not {ARCHIVE_SHA256}")
    return archive


def main() -> None:
    folder = default_folder()
    wanted = {f"ggml-vocab-{name}.{suffix}" for name in NAMES for suffix in SUFFIXES}
    complete = all((folder / name).is_file() for name in wanted)
    if sys.argv[1:] == ["--check"]:
        if not complete:
            raise SystemExit(f"not all vocabularies are in {folder}")
        print(folder)
        return
    if complete:
        print(f"vocabularies are in {folder}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    print("fetching vocabularies (about 80 MB, once) ...", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        with tarfile.open(download(Path(temporary))) as archive:
            for member in archive:
                name = Path(member.name).name
                if name in wanted and "/vendor/llama.cpp/models/" in member.name:
                    (folder / name).write_bytes(archive.extractfile(member).read())
    missing = sorted(name for name in wanted if not (folder / name).is_file())
    if missing:
        raise SystemExit(f"the archive lacks {', '.join(missing)}")
    print(f"vocabularies are in {folder}")


if __name__ == "__main__":
    main()
