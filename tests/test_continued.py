"""Chains that are written over several displays."""

import pytest

import symfnn
from symfnn.check.verdicts import Checked

START = r"""
$$z = W x + b$$

$$a = \sigma(z)$$

$$E = \frac{1}{2} \|a - t\|^2$$

Then

$$\frac{\partial E}{\partial z} = \frac{\partial E}{\partial a} \odot \sigma'(z)$$

"""


def last(text: str) -> Checked:
    return symfnn.check(START + text).statements[-1]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"$$= (a - t) \odot \sigma'(z)$$", "proved"),
        ("and so\n\n" + r"$$= (a - t) \odot \sigma'(z).$$", "proved"),
        ("since $a_i$ is known\n\n" + r"$$= (a - t) \odot \sigma'(z)$$", "proved"),
        (r"$$= (a - t) \odot \sigma(z)$$", "refuted"),
        (r"$$= (t - a) \odot \sigma'(z)$$", "refuted"),
        (r"$$= (a - t) \odot \sigma'(z) = (a - t) \odot a$$", "undecided"),
        (r"$$= (a - t) \odot a = (a - t) \odot \sigma'(z)$$", "refuted"),
        ("## Anew\n\n" + r"$$= (t - a) \odot \sigma'(z)$$", "undecided"),  # of what it is said is open
        (r"so $= (t - a) \odot \sigma'(z)$", "undecided"),
        (r"$$a > 0$$" + "\n\n" + r"$$= (t - a) \odot \sigma'(z)$$", "undecided"),
        (r"$$\frac{\partial E}{\partial b}$$" + "\n\n" + r"$$= (a - t) \odot \sigma'(z)$$", "proved"),
        (r"$$\frac{\partial E}{\partial b}$$" + "\n\n" + r"$$= (a - t) \odot z$$", "refuted"),
    ],
)
def test_a_display_goes_on_with_the_one_before(text, verdict):
    assert last(text).verdict == verdict


def test_it_goes_on_with_the_last_side_and_over_many_displays():
    rows = [r"$$= (a - t) \odot \sigma'(z)$$", r"$$= -(t - a) \odot \sigma'(z)$$", r"$$= (t - a) \odot \sigma'(z)$$"]
    found = symfnn.check(START + "\n\n".join(rows)).statements[-3:]
    assert [one.verdict for one in found] == ["proved", "proved", "undecided"]
    assert found[-1].links[0].left == r"-(t - a) \odot \sigma'(z)"


def test_a_condition_goes_on_to_hold():
    softmax = "$$p_i = \\frac{e^{z_i}}{\\sum_k e^{z_k}}$$\n\n"
    stated = r"$$\frac{\partial p_i}{\partial z_j} = -\frac{e^{z_i} e^{z_j}}{(\sum_k e^{z_k})^2}, \quad i \neq j$$"
    found = symfnn.check(softmax + stated + "\n\n$$= -p_i p_j$$\n\n$$= p_i p_j$$\n").statements[-2:]
    assert [one.verdict for one in found] == ["proved", "refuted"]


def test_the_place_is_that_of_the_second_display():
    text = START + r"$$= (a - t) \odot \sigma(z)$$"
    statement = symfnn.check(text).statements[-1]
    assert statement.span.start == text.rindex("$$=") + 2
    assert statement.latex == r"= (a - t) \odot \sigma(z)"
