"""Present: choose a story, order and word its slides, show them full screen, hand them out."""

from answers import kept as cache
from answers import provenance
from answers.words import t
from pages.present import brought_back, story_choice, story_files
from ui import page, theme, visit
from ui.export import stage

chosen, current = visit.current(), cache.results()
assert current is not None
page.head(t("present.headline"), chosen, provenance.nature(current.snapshot, ["staffing"]))
story = story_choice.choose(current, chosen)
results = story_files.snapshot_of(story, current)
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
    on_edited=brought_back.edit,
    on_restored=brought_back.restore,
    on_opened=brought_back.open_file,
)
story_files.take_away(results, story, chosen)
