"""What a day costs: samples of the processes and of what lies on disk, a table of them, and a verdict."""

import os
import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path

EVERY = 10
MIB = 1 << 20
# So many connections to models more may be kept for the next call at one time than at another.
CONNECTIONS = 2


@dataclass(frozen=True)
class Sample:
    """One look at a process: bytes of memory, open handles, threads, and the seconds of processor that it has used."""

    at: float
    rss: int
    anonymous: int
    pss: int
    handles: int
    threads: int
    cpu: float


def look(pid: int, at: float) -> Sample:
    process = Path("/proc") / str(pid)
    status = fields(process / "status")
    ticks = (process / "stat").read_text().rpartition(")")[2].split()
    cpu = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    pss = fields(process / "smaps_rollup").get("Pss", 0)
    return Sample(at, status["VmRSS"] << 10, status["RssAnon"] << 10, pss << 10, len(os.listdir(process / "fd")), status["Threads"], cpu)


def fields(path: Path) -> dict[str, int]:
    pairs = (line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
    return {name: int(value.split()[0]) for name, value in pairs if value.split() and value.split()[0].isdecimal()}


def below(folder: Path, pattern: str = "*") -> int:
    """The bytes of the files below a folder, some of which may be gone when they are looked at."""
    total = 0
    for path in folder.rglob(pattern):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            pass
    return total


class Meter:
    """Looks at processes, by name, and at places on disk, by name, every ten seconds until it is stopped."""

    def __init__(self, processes: dict[str, int], places: dict, counters: dict):
        self.processes, self.places, self.counters = processes, places, counters
        self.begun = time.monotonic()
        self.samples: dict[str, list[Sample]] = {name: [] for name in processes}
        self.sizes: list[tuple[float, dict[str, int]]] = []
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            at = time.monotonic() - self.begun
            for name, pid in self.processes.items():
                try:
                    self.samples[name].append(look(pid, at))
                except (OSError, KeyError):
                    pass  # It has ended, which is a fault that its session tells.
            self.sizes.append((at, {name: measure() for name, measure in (self.places | self.counters).items()}))
            if self.done.wait(EVERY):
                return

    def stop(self):
        self.done.set()
        self.thread.join()

    def table(self, groups: int = 12) -> str:
        """A row for each twelfth of the time: medians, and the most of handles and threads."""
        end = self.sizes[-1][0] + 1
        head = ["minutes"]
        for name in self.processes:
            head += [f"{name}: RSS MiB", "anonymous", "PSS", "handles", "threads", "CPU %"]
        head += [f"{name} MiB" for name in self.places] + list(self.counters)
        rows = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
        last_cpu = {name: samples[0] for name, samples in self.samples.items()}
        last_counts = {name: 0 for name in self.counters}
        for group in range(groups):
            begin, until = end * group / groups, end * (group + 1) / groups
            row = [f"{begin / 60:.0f}–{until / 60:.0f}"]
            for name, samples in self.samples.items():
                here = [sample for sample in samples if begin <= sample.at < until]
                if not here:
                    row += [""] * 6
                    continue
                row += [f"{statistics.median(getattr(sample, what) for sample in here) / MIB:.0f}" for what in ("rss", "anonymous", "pss")]
                handles = [sample.handles for sample in here]
                row += [f"{min(handles)}–{max(handles)}", f"{max(sample.threads for sample in here)}"]
                before, last_cpu[name] = last_cpu[name], here[-1]
                row.append(f"{100 * (here[-1].cpu - before.cpu) / max(1, here[-1].at - before.at):.0f}")
            sizes = [sizes for at, sizes in self.sizes if begin <= at < until]
            if sizes:
                row += [f"{sizes[-1][name] / MIB:.1f}" for name in self.places]
                row += [f"{sizes[-1][name] - last_counts[name]:,}" for name in self.counters]
                last_counts = {name: sizes[-1][name] for name in self.counters}
            rows.append("| " + " | ".join(row) + " |")
        return "\n".join(rows)

    def verdict(self, warm_up: float, percent: float) -> list[tuple[bool, str]]:
        """What is to hold, and whether it does: the last quarter after the warm-up against the first."""
        told = []
        for name, samples in self.samples.items():
            after = [sample for sample in samples if sample.at >= warm_up]
            quarter = len(after) // 4
            if quarter < 3:
                told.append((False, f"{name}: too few samples for a verdict"))
                continue
            first, last = after[:quarter], after[-quarter:]
            before, now = (statistics.median(sample.rss for sample in part) for part in (first, last))
            change = 100 * (now / before - 1)
            most = max(sample.rss for sample in after)
            grew = f"{before / MIB:.0f} → {now / MIB:.0f} MiB ({change:+.1f} %, at most {percent:g})"
            told.append((change <= percent, f"{name}: memory {grew}; most {most / MIB:.0f} MiB"))
            # A change of the configuration closes the ledger for a moment, so that the least tells nothing.
            open_before, open_now = (statistics.median(sample.handles for sample in part) for part in (first, last))
            handles = f"{open_before:g} → {open_now:g}, at most {CONNECTIONS} more; most {max(sample.handles for sample in after)}"
            told.append((open_now <= open_before + CONNECTIONS, f"{name}: open handles {handles}"))
        return told
