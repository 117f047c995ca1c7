from cache import CacheKey


def test_digest_is_the_same_everywhere():
    assert CacheKey("run", 3, "slot").digest == "2530b48909086bf95ffac58fda2d7089"


def test_different_keys_have_different_digests():
    keys = [CacheKey("a", 1, "b"), CacheKey("a", "1", "b"), CacheKey("a1", "", "b"), CacheKey("a", 1, "b ")]
    assert len({key.digest for key in keys}) == len(keys)
