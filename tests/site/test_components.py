"""The parts that pages are made of say the same to the eye, to the ear and to the keyboard."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from lygte.site.templatetags.look import errors_in_order, kind_of, undo_address


def render(source: str, **context: object) -> str:
    request = RequestFactory().get("/list/", {"kind": "clinic", "page": "2"})
    # Components are compiled when a template is loaded from a file; a test writes what the compiler would.
    from django_cotton.compiler_regex import CottonCompiler

    return engines["django"].from_string(CottonCompiler().process(source)).render(context, request)


class Example(forms.Form):
    name = forms.CharField(
        label="Name", help_text="As the team says it.", widget=forms.TextInput(attrs={"placeholder": "x"})
    )
    people = forms.IntegerField(label="People", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")])
    went = forms.ChoiceField(label="How it went", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    items = forms.MultipleChoiceField(
        label="Items", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    file = forms.FileField(label="File", required=False)
    sure = forms.BooleanField(label="Sure", help_text="Really.")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


FIELD = '<c-field :field="form.{}" />'


@pytest.mark.parametrize(
    ("name", "kind"),
    [("name", "input"), ("people", "input"), ("kind", "select"), ("went", "radios"), ("items", "checkboxes"),
     ("note", "textarea"), ("file", "file"), ("sure", "checkbox"), ("secret", "hidden")],
)  # fmt: skip
def test_each_widget_takes_its_own_markup(name: str, kind: str) -> None:
    assert kind_of(Example()[name]) == kind


@pytest.mark.parametrize("name", ["name", "people", "kind", "note", "file", "sure"])
def test_a_label_belongs_to_its_control(name: str) -> None:
    html = render(FIELD.format(name), form=Example())
    assert f'for="id_{name}"' in html
    assert f'id="id_{name}"' in html


@pytest.mark.parametrize("name", ["went", "items"])
def test_several_choices_stand_in_a_fieldset_with_a_legend(name: str) -> None:
    html = render(FIELD.format(name), form=Example())
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count(f'for="id_{name}_') == 2
    assert f'id="id_{name}_0"' in html


def test_what_was_chosen_stays_chosen() -> None:
    form = Example({"went": "b", "items": ["a"], "kind": "b"})
    assert 'value="b" checked' in render(FIELD.format("went"), form=form)
    assert 'value="a" checked' in render(FIELD.format("items"), form=form)
    assert 'value="b" selected' in render(FIELD.format("kind"), form=form)


def test_hint_and_error_are_read_with_the_control() -> None:
    html = render(FIELD.format("name"), form=Example({}))
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'id="id_name_hint"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_without_hint_or_error_points_at_nothing() -> None:
    assert "aria-describedby" not in render(FIELD.format("people"), form=Example())


def test_a_placeholder_is_never_shown() -> None:
    assert "placeholder" not in render(FIELD.format("name"), form=Example())


def test_another_label_and_hint_can_be_given() -> None:
    html = render('<c-field :field="form.name" label="Other name" help="" />', form=Example())
    assert "Other name" in html
    assert "As the team says it." not in html
    assert "aria-describedby" not in html


def test_optional_is_said_in_words() -> None:
    assert "(optional)" in render(FIELD.format("people"), form=Example())
    assert "(optional)" not in render(FIELD.format("name"), form=Example())


def test_the_summary_names_each_field_and_leads_to_it() -> None:
    html = render('<c-errors :form="form" />', form=Example({}))
    assert '<a href="#id_name">Name: ' in html
    assert '<a href="#id_went_0">How it went: ' in html
    assert "Nothing is lost." in html


def test_an_error_of_the_whole_form_comes_first_and_leads_nowhere() -> None:
    form = Example({})
    form.add_error(None, "They do not fit together.")
    assert errors_in_order(form)[0] == ("", "They do not fit together.")


def test_no_summary_without_errors() -> None:
    assert render('<c-errors :form="form" />', form=Example()).strip() == ""


def test_what_someone_wrote_is_shown_as_text() -> None:
    form = Example({"name": '"><script>alert(1)</script>'})
    evil = "<script>alert(1)</script>"
    assert evil not in render(FIELD.format("name"), form=form)
    for source in (
        '<c-page-head title="{{ evil }}" caption="{{ evil }}" />',
        '<c-panel :title="evil">x</c-panel>',
        '<c-row key="{{ evil }}">{{ evil }}</c-row>',
        '<c-figure value="{{ evil }}" title="{{ evil }}">{{ evil }}</c-figure>',
        '<c-copy value="{{ evil }}" />',
        '<c-table caption="{{ evil }}"></c-table>',
        '<c-notice title="{{ evil }}">{{ evil }}</c-notice>',
        '<c-chip href="{{ evil }}">{{ evil }}</c-chip>',
        '<c-button href="{{ evil }}" data-x="{{ evil }}">{{ evil }}</c-button>',
    ):
        html = render(source, evil=evil)
        assert "&lt;script&gt;" in html, source
        assert evil not in html, source


def test_a_form_that_posts_carries_its_token_and_one_that_gets_does_not() -> None:
    assert "csrfmiddlewaretoken" in render('<c-form action="/x/">x</c-form>')
    assert "csrfmiddlewaretoken" not in render('<c-form action="/x/" method="get">x</c-form>')
    assert "csrfmiddlewaretoken" not in render("<c-filters>x</c-filters>")
    assert 'enctype="multipart/form-data"' in render('<c-form multipart="yes">x</c-form>')


def test_a_button_with_an_address_is_a_link() -> None:
    assert render('<c-button href="/x/">Go</c-button>').strip().startswith("<a href")
    assert 'type="button"' in render('<c-button type="button" variant="warning">Go</c-button>')
    assert "ly-button--warning" in render('<c-button variant="warning">Go</c-button>')


def test_a_table_scrolls_in_a_named_region_that_a_keyboard_reaches() -> None:
    html = render('<c-table caption="Places"><tbody></tbody></c-table>')
    assert 'role="region" tabindex="0" aria-label="Places"' in html
    assert "<caption" in html


def test_pages_of_a_list_keep_its_filters() -> None:
    html = render('<c-pagination :page="page" />', page=Paginator(range(30), 10).page(2))
    assert 'href="?kind=clinic&amp;page=1"' in html
    assert 'href="?kind=clinic&amp;page=3"' in html
    assert "Page 2 of 3" in html


def test_a_list_of_one_page_has_no_pages() -> None:
    assert render('<c-pagination :page="page" />', page=Paginator(range(3), 10).page(1)).strip() == ""


@pytest.mark.parametrize("tone", ["info", "success", "warning", "error"])
def test_a_notice_says_its_tone_in_a_word_not_only_in_a_colour(tone: str) -> None:
    words = {"info": "Good to know:", "success": "Done:", "warning": "Careful:", "error": "Problem:"}
    assert words[tone] in render(f'<c-notice tone="{tone}">x</c-notice>')


@pytest.mark.parametrize(
    ("tags", "address"),
    [("undo:/visits/x/restore/", "/visits/x/restore/"), ("wide undo:/a/", "/a/"), ("", ""), ("undo:", ""),
     ("undo:https://elsewhere.example/", ""), ("undo://elsewhere.example/", "")],
)  # fmt: skip
def test_undo_leads_only_to_an_address_of_this_site(tags: str, address: str) -> None:
    assert undo_address(Message(constants.SUCCESS, "Done.", tags)) == address


def test_a_message_offers_its_undo_as_a_form() -> None:
    message = Message(constants.SUCCESS, "The visit was withdrawn.", "undo:/visits/x/restore/")
    html = render("<c-messages />", messages=[message])
    assert '<form method="post" action="/visits/x/restore/">' in html
    assert 'role="status"' in html


def test_components_do_not_leak_into_each_other() -> None:
    html = render('<c-panel title="Outer"><c-notice>inner</c-notice></c-panel>')
    assert html.count("Outer") == 1
