"""What stickers are shown by: four of each style. They come with the models as what one may ask for, the best first."""

PROMPTS = (
    "3d red apple", "flat blue heart", "glossy dog face", "noto rocket", "blob cat face", "twemoji sun",
    "3d hamburger", "flat airplane", "glossy avocado", "noto octopus", "blob pizza", "twemoji rainbow",
    "3d star", "flat house", "glossy tulip", "noto guitar", "blob fish", "twemoji bicycle",
    "3d crown", "flat green apple", "glossy purple heart", "noto hot beverage", "blob ghost", "twemoji umbrella",
)
BEST = ("3d star", "flat blue heart", "glossy dog face", "noto guitar")
ASKED = "\n".join((*BEST, *(prompt for prompt in PROMPTS if prompt not in BEST)))
