"""The supervisor on trivial children: what falls is restarted, what is asked to stop leaves nothing behind."""

import os
import signal

from launch.processes import Record, birth
from tests.launch.conftest import eventually

READY = "import os, pathlib, signal, sys, time; here = pathlib.Path(sys.argv[1]); "
# Each child says that it is ready, then waits for ever.
LASTING = READY + "(here / '{0}.ready').touch(); time.sleep(600)"
TELLING = (
    READY + "signal.signal(signal.SIGTERM, lambda *_: ((here / 'order').open('a').write('{0} '), sys.exit())); "
    "(here / '{0}.ready').touch(); time.sleep(600)"
)
DEAF = READY + "signal.signal(signal.SIGTERM, signal.SIG_IGN); (here / '{0}.ready').touch(); time.sleep(600)"
PARENT = (
    READY + "import subprocess; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    "(here / 'grandchild').write_text(str(child.pid)); (here / '{0}.ready').touch(); time.sleep(600)"
)


def lasting(*names: str, code: str = LASTING) -> dict[str, str]:
    return {name: code.format(name) for name in names}


def test_a_killed_child_is_restarted_and_the_launcher_says_so(play):
    scene = play(lasting("worker"))
    scene.says("prêt")
    first = scene.record("worker")
    os.kill(first.pid, signal.SIGKILL)
    scene.says("Worker est tombé (signal 9) : il est relancé.")
    eventually(lambda: scene.record("worker") != first and scene.record("worker").is_alive)


def test_the_others_do_not_notice_that_one_fell(play):
    scene = play(lasting("postgres", "worker"))
    scene.says("prêt")
    before = scene.record("postgres")
    os.kill(scene.record("worker").pid, signal.SIGKILL)
    scene.says("relancé")
    assert scene.record("postgres") == before
    assert before.is_alive


def test_sigterm_stops_the_last_started_first_and_leaves_no_record(play):
    scene = play(lasting("postgres", "valkey", "web", code=TELLING))
    scene.says("prêt")
    scene.process.terminate()
    assert scene.ends() == 0
    assert (scene.folder / "order").read_text().split() == ["web", "valkey", "postgres"]
    assert not list(scene.folder.glob("*.json"))


def test_ctrl_c_stops_everything_too(play):
    scene = play(lasting("web", code=TELLING))
    scene.says("prêt")
    scene.process.send_signal(signal.SIGINT)
    assert scene.ends() == 0
    assert (scene.folder / "order").read_text().split() == ["web"]


def test_a_child_that_does_not_listen_is_killed_after_its_grace(play):
    scene = play(lasting("web", code=DEAF), grace=0.3)
    scene.says("prêt")
    record = scene.record("web")
    scene.process.terminate()
    assert scene.ends() == 0
    assert not record.is_alive


def test_what_a_child_started_goes_with_it(play):
    scene = play(lasting("web", code=PARENT))
    scene.says("prêt")
    grandchild = int((scene.folder / "grandchild").read_text())
    os.kill(scene.record("web").pid, signal.SIGKILL)
    scene.says("relancé")
    eventually(lambda: birth(grandchild) is None)


def test_a_child_that_falls_again_and_again_stops_everything_with_a_sentence(play, monkeypatch):
    falling = READY + "(here / 'web.ready').touch(); time.sleep(0.3); sys.exit('cassé')"
    scene = play({**lasting("postgres", code=TELLING), "web": falling})
    eventually(lambda: scene.process.poll() is not None, within=60)
    assert scene.process.returncode == 1
    assert scene.said.count("relancé") == 5
    assert "Web est tombé 6 fois en une minute : tout s'arrête." in scene.said
    assert "« cassé »" in scene.said
    assert (scene.folder / "order").read_text().split() == ["postgres"]


def test_a_child_that_cannot_start_is_a_sentence_with_its_last_words(play):
    scene = play({**lasting("postgres"), "web": "raise SystemExit('il manque une pièce')"})
    assert scene.ends() == 1
    assert "Web n'a pas démarré (code 1)." in scene.said
    assert "« il manque une pièce »" in scene.said
    assert "Traceback" not in scene.said


def test_a_full_disk_is_named_rather_than_its_trace(play):
    scene = play({"web": "raise SystemExit('OSError: [Errno 28] No space left on device')"})
    assert scene.ends() == 1
    assert "Il n'y a plus de place sur le disque" in scene.said


def test_no_child_survives_a_launcher_killed_with_9(play):
    scene = play(lasting("postgres", "web"))
    scene.says("prêt")
    records = [scene.record("postgres"), scene.record("web")]
    scene.process.kill()
    scene.process.wait()
    eventually(lambda: not any(record.is_alive for record in records))


def test_the_next_launcher_stops_what_resisted_and_starts_afresh(play):
    first = play(lasting("web", code=DEAF), grace=0.3)
    first.says("prêt")
    survivor = first.record("web")
    first.process.kill()
    first.process.wait()
    assert survivor.is_alive  # it does not listen to the signal that came with its launcher's death
    (first.folder / "web.ready").unlink()
    second = play(lasting("web"))
    second.says(f"Un reste du lancement précédent (web, processus {survivor.pid}) est arrêté.")
    second.says("prêt")
    assert not survivor.is_alive
    assert second.record("web").is_alive


def test_a_stranger_that_took_the_number_of_a_dead_child_is_left_alone(play):
    stranger = play(lasting("stranger"))
    stranger.says("prêt")
    pid = stranger.record("stranger").pid
    Record(pid, "another birth", signal.SIGTERM, grace=1).write(stranger.folder / "web.json")
    scene = play(lasting("web"))
    scene.says("prêt")
    assert stranger.record("stranger").is_alive
    assert "reste" not in scene.said
