"""Work beside a cache's callers."""

from threading import Event

from cache.background import BackgroundWork


def test_of_a_name_one_at_a_time_and_closing_ends_it():
    work, begun, done = BackgroundWork(), Event(), []

    def until_told(name):
        def wait(ended):
            begun.set()
            while not ended():
                pass
            done.append(name)

        return wait

    work.start("a", until_told("a"))
    begun.wait()
    work.start("a", until_told("a again"))
    work.start("b", until_told("b"))
    work.close()
    work.start("a", until_told("too late"))
    work.wait()
    assert sorted(done) == ["a", "b"]


def test_what_ended_or_failed_may_begin_again():
    work, done = BackgroundWork(), []
    for number in range(2):
        work.start("a", lambda ended, number=number: done.append(number))
        work.wait()
    assert done == [0, 1]
    work.close()
