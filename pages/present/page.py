"""Present: choose a story, order and word its slides, show them full screen, hand them out."""

from answers import kept as cache
from answers import provenance
from answers.words import t
from pages.present import story_choice
from ui import page, theme, visit
from ui.export import stage

chosen, current = visit.current(), cache.results()
assert current is not None
page.head(t("present.headline"), chosen, provenance.nature(current.snapshot, ["staffing"]))
story = story_choice.choose(current, chosen)
results = story_choice.snapshot_of(story, current)
stage.show(
    stage.payload(
        results,
        story.specs,
        name=story.name,
        lang=chosen.lang,
        theme=theme.current(),
        fresh=story.fresh,
    ),
    key="present.stage",
    on_edited=story_choice.edit,
    on_restored=story_choice.restore,
    on_opened=story_choice.open_file,
)
story_choice.take_away(results, story, chosen)
