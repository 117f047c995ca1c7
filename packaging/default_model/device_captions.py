"""Sentences about scenes put together on a device, token by token, from the templates of captions.py.

Templates and phrases become tables of tokens once; a batch of captions is index arithmetic over them.
"""

from collections.abc import Sequence
from string import Formatter

import torch
from torch import Tensor
from torch.nn import functional as F
from transformers import CLIPTokenizer

import captions
from device_draw import Dice
from device_parameters import COLOUR_NAMES, EXTENT_NAMES, ITEMS, RELATIONS, TIME_NAMES, Parameters
from tables import TIMES, WEATHERS, Tables

LONGEST = 8
"""Tokens of the longest part of a sentence."""
FIELDS = (
    "",
    "opening",
    "one",
    "two",
    "three",
    "where",
    "name",
    "place",
    "when",
    "weather",
    "bare",
    "pose",
    "is",
)
"""The parts of a sentence that depend on the scene; the tables put literal parts after them."""
WORDINGS = (
    captions.EMPTY,
    captions.SINGLE,
    captions.DOUBLE,
    captions.TRIPLE,
    captions.FRAGMENTS,
    captions.FRAGMENTS_OF_SEVERAL,
    *(captions.RELATED[relation] for relation in RELATIONS[1:]),
)
FRAGMENTS, FRAGMENTS_OF_SEVERAL, RELATED = 4, 5, 6
"""Where in WORDINGS the fragments, those of several things, and the related ones begin; before them the number of
groups counts."""


class CaptionMaker:
    """Makes tokens and their owners for parameters.

    Owners number the masks of device_render.cell_masks: groups, then what they wear, last (`background`) the place.
    """

    def __init__(self, tables: Tables, tokenizer: CLIPTokenizer, device: torch.device):
        self._tokenizer, self._device = tokenizer, device
        self.length: int = tokenizer.model_max_length
        self.background = ITEMS * (2 if tables.worn else 1)
        self._start, self._end = tokenizer.bos_token_id, tokenizer.eos_token_id
        self._compile(tables)
        nouns = [kind.word for kind in tables.objects]
        self._nouns = self._words(["", *nouns])
        self._several = self._words(["", *(kind.several for kind in tables.objects)])
        self._colours, self._extents = self._words(COLOUR_NAMES), self._words(EXTENT_NAMES)
        self._numbers = self._words(captions.NUMBERS)
        self._articles = self._words(["a", "an"])
        self._wearing = self._words(["", "wearing"])
        phrases = ["", *(worn.phrase for worn in tables.worn)]
        self._worn = self._phrases(phrases, 2)
        noun = self._words(["", *(worn.word for worn in tables.worn)])
        self._worn_noun = (self._worn == noun[:, None]) & (self._worn >= 0)
        vowels = [captions.article(word).startswith("an ") if word else False for word in ("", *nouns)]
        self._vowels = torch.tensor(vowels, device=device).long()
        self._alive = torch.tensor([True, *(kind.alive for kind in tables.objects)], device=device)
        self._places(tables)

    def _places(self, tables: Tables) -> None:
        """Tables of what depends on place, time and weather."""
        places = tables.places
        self._where = self._alternatives([place.phrases for place in places])
        self._names = self._alternatives([place.names for place in places])
        self._place_words = self._words([place.word for place in places])
        self._when = self._alternatives([TIMES[time] for time in TIME_NAMES])
        self._weather = self._alternatives([("",), *(WEATHERS[name] for name in tables.weathers)])
        said = [[text.format(**{"is": verb}) for text in captions.OPENINGS] for verb in ("is", "are")]
        self._openings = self._alternatives(said)
        self._pose = self._phrases([captions.pose(False), captions.pose(True)])
        self._is = self._phrases([captions.to_be(False), captions.to_be(True)])

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def _words(self, words: Sequence[str]) -> Tensor:
        """One token for each word, -1 for none."""
        found = [self._ids(word) if word else [-1] for word in words]
        if any(len(ids) != 1 for ids in found):
            raise ValueError("The tokenizer spells a word of these tables; it was made for others.")
        return torch.tensor([ids[0] for ids in found], device=self._device)

    def _phrases(self, phrases: Sequence[str], longest: int = LONGEST) -> Tensor:
        """Tokens of phrases, (phrases, longest), filled up with -1."""
        found = [self._ids(phrase.strip()) if phrase.strip() else [] for phrase in phrases]
        return torch.tensor([ids + [-1] * (longest - len(ids)) for ids in found], device=self._device)

    def _alternatives(self, rows: Sequence[Sequence[str]]) -> tuple[Tensor, Tensor]:
        """Tokens of phrases to choose from, (rows, most, LONGEST), and how many each row has."""
        most = max(map(len, rows))
        tokens = torch.stack([self._phrases([*row, *("",) * (most - len(row))]) for row in rows])
        return tokens, torch.tensor([len(row) for row in rows], device=self._device)

    def _compile(self, tables: Tables) -> None:
        """The templates as rows of numbers of parts."""
        literals: list[str] = []
        rows: list[list[int]] = []
        for template in (template for templates in WORDINGS for template in templates):
            row: list[int] = []
            for literal, field, _, _ in Formatter().parse(template):
                if literal.strip():
                    if literal.strip() not in literals:
                        literals.append(literal.strip())
                    row.append(len(FIELDS) + literals.index(literal.strip()))
                if field is not None:
                    row.append(FIELDS.index(field))
                if field == "when":
                    row.append(FIELDS.index("weather"))
            rows.append(row)
        longest = max(map(len, rows))
        filled = [row + [0] * (longest - len(row)) for row in rows]
        self._templates = torch.tensor(filled, device=self._device)
        numbers = [len(templates) for templates in WORDINGS]
        self._number = torch.tensor(numbers, device=self._device)
        self._first = self._number.cumsum(0) - self._number
        self._literals = self._phrases(literals)

    def make(self, parameters: Parameters, dice: Dice) -> tuple[Tensor, Tensor]:
        """Tokens and owners, int64 (n, length); the start token names the background, like the words of the place."""
        tokens, owners = self._parts(parameters, dice)
        groups, several = self._grouped(parameters)
        fragment = (groups == 1) & (dice.uniform() < captions.FRAGMENT_SHARE)
        wording = torch.where(fragment, torch.where(several, FRAGMENTS_OF_SEVERAL, FRAGMENTS), groups)
        related = parameters.relation > 0
        wording = torch.where(related, parameters.relation - 1 + RELATED, wording)
        template = self._first[wording] + dice.below(self._number[wording])
        chosen = self._templates[template][..., None].expand(-1, -1, LONGEST)
        return self._joined(tokens.gather(1, chosen).flatten(1), owners.gather(1, chosen).flatten(1))

    def _joined(self, tokens: Tensor, owners: Tensor) -> tuple[Tensor, Tensor]:
        """The parts' tokens in a row, without the gaps (-1), cut off and filled up as the tokenizer does."""
        count, there = len(tokens), tokens >= 0
        position = there.cumsum(1)
        position = torch.where(there & (position < self.length - 1), position, self.length)
        shape = (count, self.length + 1)
        joined = torch.full(shape, self._end, device=tokens.device).scatter_(1, position, tokens)
        named = torch.full(shape, -1, device=tokens.device).scatter_(1, position, owners)
        joined[:, 0] = self._start
        named[:, 0] = self.background
        return joined[:, : self.length].contiguous(), named[:, : self.length].contiguous()

    def _grouped(self, parameters: Parameters) -> tuple[Tensor, Tensor]:
        """How many groups of objects there are, and whether the first has several objects."""
        present = parameters.words > 0
        last = torch.where(present, parameters.groups, -1).amax(1)
        return last + 1, ((parameters.groups == 0) & present).sum(1) > 1

    def _parts(self, parameters: Parameters, dice: Dice) -> tuple[Tensor, Tensor]:
        """Every part of every sentence: tokens and owners, (n, parts, LONGEST), -1 where there is none."""
        phrases, owners, numbers = self._groups(parameters)
        present = numbers > 0
        slots = torch.arange(ITEMS, device=present.device)
        shuffled = torch.where((parameters.relation > 0)[:, None], slots / ITEMS, dice.uniform(ITEMS))
        order = (shuffled + 10 * ~present).argsort(1)
        ordered = order[..., None].expand(-1, -1, LONGEST)
        phrases, owners = phrases.gather(1, ordered), owners.gather(1, ordered)
        several = (numbers.gather(1, order[:, :1]) > 1)[:, 0].long()
        alive = self._alive[parameters.words].all(1).long()
        bare, bare_owners = phrases[:, 0].clone(), owners[:, 0].clone()
        bare[:, 0] = bare_owners[:, 0] = -1
        nothing = torch.full_like(bare, -1)
        word = F.pad(self._place_words[parameters.place][:, None], (0, LONGEST - 1), value=-1)
        parts = {
            "": nothing,
            "opening": choose(self._openings, several, dice),
            **dict(zip(("one", "two", "three"), phrases.unbind(1), strict=True)),
            "where": choose(self._where, parameters.place, dice),
            "name": choose(self._names, parameters.place, dice),
            "place": word,
            "when": choose(self._when, parameters.time, dice),
            "weather": choose(self._weather, parameters.weather, dice),
            "bare": bare,
            "pose": self._pose[alive],
            "is": self._is[several],
        }
        named = {
            **dict.fromkeys(parts, nothing),
            **dict(zip(("one", "two", "three"), owners.unbind(1), strict=True)),
            **{
                name: torch.where(parts[name] == word[:, :1], self.background, -1)
                for name in ("where", "name", "place")
            },
            "bare": bare_owners,
        }
        literals = self._literals.expand(len(bare), -1, -1)
        return (
            torch.cat([torch.stack([parts[name] for name in FIELDS], 1), literals], 1),
            torch.cat([torch.stack([named[name] for name in FIELDS], 1), torch.full_like(literals, -1)], 1),
        )

    def _groups(self, parameters: Parameters) -> tuple[Tensor, Tensor, Tensor]:
        """What each group is called and who owns its tokens, (n, 3, LONGEST), and how many objects it has, (n, 3)."""
        slots = torch.arange(ITEMS, device=parameters.words.device)
        member = (parameters.groups[:, None] == slots[:, None]) & (parameters.words > 0)[:, None]
        numbers = member.sum(-1)
        first = member.to(torch.uint8).argmax(-1)
        words, colours, extents, worn = (
            values.gather(1, first) * (numbers > 0)
            for values in (parameters.words, parameters.colours, parameters.extents, parameters.worn)
        )
        plain = (colours == 0) & (extents == 0)  # no colour or size begins with a vowel
        one = self._articles[self._vowels[words] * plain]
        determiner = torch.where(numbers > 1, self._numbers[numbers], torch.where(numbers > 0, one, -1))
        noun = torch.where(numbers > 1, self._several[words], self._nouns[words])
        wearing = self._wearing[(worn > 0).long()]
        tokens = torch.stack(
            [
                determiner,
                self._extents[extents],
                self._colours[colours],
                noun,
                wearing,
                *self._worn[worn].unbind(-1),
            ],
            -1,
        )
        own, nobody = slots.expand_as(words), torch.full_like(words, -1)
        number = torch.where(numbers > 1, own, -1)
        worn_owners = torch.where(self._worn_noun[worn], ITEMS + own[..., None], -1)
        owners = torch.stack([number, own, own, own, nobody, *worn_owners.unbind(-1)], -1)
        owners = torch.where(tokens >= 0, owners, -1)
        gap = LONGEST - tokens.shape[-1]
        return F.pad(tokens, (0, gap), value=-1), F.pad(owners, (0, gap), value=-1), numbers


def choose(alternatives: tuple[Tensor, Tensor], rows: Tensor, dice: Dice) -> Tensor:
    """One of the phrases of each row."""
    tokens, numbers = alternatives
    return tokens[rows, dice.below(numbers[rows])]
