#!/usr/bin/env python3
"""Random pipelines and input: what is compiled must give what is interpreted.

  differential.py [--count N] [--seed S]      N cases from seed S on; one line for each that fails, with how to replay it
  differential.py --seed S --shrink           makes the case of one seed small and keeps it
  differential.py --seed S --every            that seed in every configuration
  differential.py --saved                     the seeds in seeds.txt
  differential.py --self-test                 shows that the comparison can fail

What is compared: rows of every sink (in the order that is promised; JSON, CSV and binary), dead letters, counters, exit codes;
compiled in memory and as a binary, optimised and as written, with every choice of loops, layout of state, batch size, decoder and
vector unit.
"""
import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from generate import make_case
from run import NO_TIME, Runner, configurations
from shrink import shrink

HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    build = os.path.join(HERE, "../../build/dev/bin")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1, help="how many cases")
    parser.add_argument("--seed", type=int, default=1, help="the first one's seed")
    parser.add_argument("--saved", action="store_true", help="the seeds of seeds.txt, which once failed")
    parser.add_argument("--configurations", type=int, default=2, help="of all, for each case")
    parser.add_argument("--every", action="store_true", help="all configurations")
    parser.add_argument("--keep", metavar="DIR", help="where cases that fail stay (default: a temporary folder)")
    parser.add_argument("--shrink", action="store_true", help="make cases that fail small")
    parser.add_argument("--self-test", action="store_true", help="planted differences must be found")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--reference", default=os.path.join(build, "millrace-reference"))
    parser.add_argument("--millrace", default=os.path.join(build, "millrace"))
    parser.add_argument("--reference-only", action="store_true", help="only run the reference: are the cases valid?")
    return parser.parse_args()


class Session:
    def __init__(self, options):
        self.options = options
        self.runner = Runner(os.path.abspath(options.reference), os.path.abspath(options.millrace))
        self.folder = os.path.abspath(options.keep) if options.keep else tempfile.mkdtemp(prefix="differential-")
        self.rows = 0

    def check(self, seed, case, folder, chosen=None):
        """What differs for a case, and in which configuration."""
        self.runner.write(case, folder)
        expected, problem = self.runner.expected(case, folder)
        if expected is None and NO_TIME.search(problem):
            self.runner.refused += 1
            return "", None
        if expected is None:
            return problem, None
        self.rows += sum(len(s["rows"]) for s in expected["sinks"].values())
        if self.options.reference_only:
            return "", None
        for configuration in chosen or configurations(seed, self.options.configurations, self.options.every):
            if text := self.runner.difference(case, folder, expected, configuration):
                return text, configuration
        return "", None

    def one(self, seed):
        folder = os.path.join(self.folder, "seed-%d" % seed)
        case = make_case(seed).pruned()
        problem, configuration = self.check(seed, case, folder)
        if problem and self.options.shrink and configuration:
            small = os.path.join(self.folder, "small-%d" % seed)
            first = problem.split(":")[0].split(" instead")[0]

            def fails(candidate):
                found, where = self.check(seed, candidate, small, [configuration])
                return where is not None and found.split(":")[0].split(" instead")[0] == first

            case = shrink(case, fails)
            problem, configuration = self.check(seed, case, small, [configuration])
            problem += "\n  kept in " + small
        elif not problem:
            for root, folders, files in os.walk(folder, topdown=False):
                for name in files:
                    os.remove(os.path.join(root, name))
                os.rmdir(root)
        return seed, problem, configuration


def self_test(session):
    """Lost, repeated, swapped and changed rows must all be found."""
    planted = {"lost": lambda rows: rows[1:] if len(rows) > 1 else rows,
               "repeated": lambda rows: rows[:1] + rows,
               "changed": lambda rows: [(text.replace("1", "2"), key) for text, key in rows],
               "deleted": lambda rows: [(text.replace("upsert", "delete"), key) for text, key in rows],
               "cut": lambda rows: rows[:-1] if len(rows) > 1 else rows}
    caught = {name: 0 for name in planted}
    for seed in range(session.options.seed, session.options.seed + 20):
        for name, plant in planted.items():
            session.runner.perturb = plant
            folder = os.path.join(session.folder, "seed-%d" % seed)
            problem, configuration = session.check(seed, make_case(seed).pruned(), folder)
            caught[name] += configuration is not None
    print("planted differences found in 20 cases:", caught)
    return 0 if all(count > 2 for count in caught.values()) else 1


def saved_seeds():
    with open(os.path.join(HERE, "seeds.txt")) as f:
        return [int(line.split()[0]) for line in f if line.strip() and line[0] != "#"]


def main():
    options = arguments()
    session = Session(options)
    if options.self_test:
        return self_test(session)
    begin, failed = time.time(), 0
    seeds = saved_seeds() if options.saved else range(options.seed, options.seed + options.count)
    with ThreadPoolExecutor(options.jobs) as pool:
        for seed, problem, configuration in pool.map(session.one, seeds):
            if problem:
                failed += 1
                print("seed %d fails (%s): %s\n  replay: %s --seed %d --keep DIR [--shrink]" %
                      (seed, configuration, problem, os.path.relpath(__file__), seed), flush=True)
    refused = ", %d refused" % session.runner.refused if session.runner.refused else ""
    print("%d cases, %d fail%s, %d rows compared, %.0f s" % (len(seeds), failed, refused, session.rows,
                                                            time.time() - begin))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
