"""The sticker model: captioned artwork, an autoencoder with alpha, a text encoder and a U-Net over its latents."""
