"""Write the model in the layout of Stable Diffusion's ONNX folders, with check.json of recorded outputs beside it."""
import hashlib
import json

import torch

import cotangents
from check import FORMULA, SAMPLES, pattern
from export import OPSET
from manifest import LICENCE, tensor
from prior import BETA_FIRST, BETA_LAST, LEVELS

from .autoencoder import FACTOR, LATENTS
from .text import WIDTH
from .tokens import LENGTH

PROMPT = "3d red apple"
# Their ids are recorded: apostrophes, capitals, letters beyond ASCII, figures, signs, and more words than are read.
SPOKEN = (PROMPT, "glossy woman's hat", "flat one o'clock", "  Twemoji PIÑATA, 42% off!! ", "noto " + "cat and dog " * 8, "")
TIMESTEP = 500.0
# Beside the plain U-Net: the same weights, with a switch for every block. Apart, because an If has no gradient.
SKIPPABLE = "skippable.onnx"
PICTURE, WORDS, ONE = {0: "batch", 2: "height", 3: "width"}, {0: "batch", 1: "words"}, {0: "batch"}
AXES = {
    "sample": PICTURE, "out_sample": PICTURE, "latent_sample": PICTURE, "latent_parameters": PICTURE, "alpha": PICTURE,
    "encoder_hidden_states": WORDS, "input_ids": ONE, "last_hidden_state": ONE, "pooler_output": ONE,
}
# What the scheduler's file of every folder says; the ladder of the plain model is Stable Diffusion's.
SCHEDULER = {"_class_name": "DDIMScheduler", "num_train_timesteps": LEVELS, "prediction_type": "v_prediction", "clip_sample": False}
LADDER = {"beta_start": BETA_FIRST, "beta_end": BETA_LAST, "beta_schedule": "scaled_linear", "steps_offset": 1,
          "set_alpha_to_one": False, "timestep_spacing": "leading"}
# Inputs of the recorded gradients, by part, and which of them move. Ids of words do not.
SMALL = {
    "unet": ({"sample": pattern((1, LATENTS, 8, 8)), "timestep": torch.tensor(TIMESTEP),
              "encoder_hidden_states": pattern((1, LENGTH, WIDTH))}, ["sample", "encoder_hidden_states"]),
    "vae_encoder": ({"sample": pattern((1, 3, 16, 24))}, ["sample"]),
    "vae_decoder": ({"latent_sample": pattern((1, LATENTS, 4, 6))}, ["latent_sample"]),
}
PARTS = {"text_encoder": "CLIPTextModel", "tokenizer": "CLIPTokenizer", "unet": "UNet2DConditionModel"}


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def export(module, path, inputs, outputs):
    """ONNX file of `module`; inputs: {name: example}. Batch and sides are free, as AXES tells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    axes = {name: AXES[name] for name in (*inputs, *outputs) if name in AXES}
    torch.onnx.export(module, tuple(inputs.values()), str(path), opset_version=OPSET, input_names=list(inputs),
                      output_names=outputs, dynamic_axes=axes)


def recorded(module, inputs, outputs):
    """Shapes and 64 evenly spaced values of what `module` says to the inputs."""
    with torch.no_grad():
        out = module(*inputs.values())
    rows = {}
    for name, values in zip(outputs, out if isinstance(out, tuple) else (out,)):
        flat = values.double().flatten()
        indices = [round(k * (len(flat) - 1) / (SAMPLES - 1)) for k in range(SAMPLES)]
        rows[name] = {"shape": list(values.shape), "indices": indices, "values": [round(float(flat[i]), 7) for i in indices]}
    return rows


def pulled(folder, name, part, inputs, wrt):
    """A part's gradients by its inputs, on small ones."""
    module, _, outputs = part
    return cotangents.pulled(module, folder / name / "model.onnx", folder, inputs, outputs, wrt)


def write(folder, model, autoencoder, frozen, tokenizer, side, facts, usual, ladder=LADDER, retimed=None):
    """Returns the manifest entry; `facts` go into it, with "title" among them. `usual`: how the model wants to be asked.

    `ladder` is for the scheduler's file. `retimed` is the U-Net as that ladder tells it levels, where it is not the
    usual one; there are no switches then. Without it `model` is spent: its blocks are given theirs.
    """
    tokenizer.write(folder / "tokenizer")
    small, blocks = side // FACTOR, list(model.unet.names)
    ids = torch.tensor([tokenizer.encode(PROMPT)])
    latent, words = pattern((1, LATENTS, small, small)), pattern((1, LENGTH, WIDTH))
    denoising = {"sample": latent, "timestep": torch.tensor(TIMESTEP), "encoder_hidden_states": words}
    parts = {
        "text_encoder": (model.text, {"input_ids": ids}, ["last_hidden_state", "pooler_output"]),
        "unet": (retimed or model.unet, denoising, ["out_sample"]),
        "vae_encoder": (autoencoder.encoder, {"sample": pattern((1, 3, side, side))}, ["latent_parameters"]),
        "vae_decoder": (autoencoder.decoder, {"latent_sample": latent}, ["sample", "alpha"]),
    }
    check = {"formula": FORMULA, "tolerance": 1e-4, "prompt": PROMPT, "input_ids": ids[0].tolist(),
             "tokenized": {text: tokenizer.encode(text) for text in SPOKEN}, "timestep": TIMESTEP}
    for name, (module, inputs, outputs) in parts.items():
        export(module, folder / name / "model.onnx", inputs, outputs)
        check[name] = recorded(module, inputs, outputs)
    base = model.unet.head.in_channels
    small_ones = {**SMALL, "text_encoder": ({"input_ids": ids}, [])}
    cotangents.write(folder / "gradients.json", [pulled(folder, name, parts[name], *given) for name, given in small_ones.items()])
    if retimed is None:
        # Traced first: only a traced module keeps the scripted blocks inside it, and with them the ONNX Ifs.
        denoising["skip"] = torch.ones(len(blocks), dtype=torch.bool)
        switched = torch.jit.trace(model.unet.make_skippable(), tuple(denoising.values()))
        export(switched, folder / "unet" / SKIPPABLE, denoising, ["out_sample"])
        check["unet_all_skipped"] = recorded(switched, denoising, ["out_sample"])
    write_json(folder / "check.json", check)
    write_json(folder / "scheduler" / "scheduler_config.json", {**SCHEDULER, **ladder})
    switches = {} if retimed else {"skippable": SKIPPABLE, "skip_blocks": blocks}
    describe(folder, switches, len(tokenizer.vocabulary), frozen, small, base, usual)
    return entry(folder, frozen, side, facts)


def describe(folder, switches, vocabulary, frozen, small, base, usual):
    """The JSON files of the layout, but the scheduler's."""
    write_json(folder / "model_index.json", {
        "_class_name": "StableDiffusionPipeline", **{part: ["transformers", kind] for part, kind in PARTS.items()},
        "unet": ["diffusers", PARTS["unet"]], "vae_encoder": ["diffusers", "AutoencoderKL"],
        "vae_decoder": ["diffusers", "AutoencoderKL"], "scheduler": ["diffusers", "DDIMScheduler"],
        "safety_checker": [None, None], "feature_extractor": [None, None], "usual_settings": usual,
    })
    write_json(folder / "unet" / "config.json", {
        "_class_name": PARTS["unet"], "sample_size": small, "in_channels": LATENTS, "out_channels": LATENTS,
        "cross_attention_dim": WIDTH, "block_out_channels": [base, 2 * base, 4 * base], **switches,
    })
    write_json(folder / "text_encoder" / "config.json", {
        "architectures": [PARTS["text_encoder"]], "hidden_size": WIDTH, "max_position_embeddings": LENGTH,
        "num_hidden_layers": 2, "vocab_size": vocabulary,
    })
    w0, w1 = frozen["widths"]
    for part in ("vae_encoder", "vae_decoder"):
        # Three widths, two halvings: readers tell the factor of 4 from this list.
        write_json(folder / part / "config.json", {
            "_class_name": "AutoencoderKL", "in_channels": 3, "out_channels": 3, "latent_channels": LATENTS,
            "block_out_channels": [w0, w0, w1], "scaling_factor": frozen["scale"], "sample_size": small * FACTOR,
        })


def entry(folder, frozen, side, facts):
    """The U-Net stands for the folder; `files` lists all of it."""
    files = [{"file": path.relative_to(folder.parent).as_posix(), "bytes": path.stat().st_size,
              "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
             for path in sorted(folder.rglob("*")) if path.is_file()]
    unet = next(row for row in files if row["file"].endswith("unet/model.onnx"))
    latents = ["batch", LATENTS, "height", "width"]
    return {
        "id": folder.name, "role": "text-to-picture", **unet, "licence": LICENCE, "folder": folder.name,
        "multiple": 4 * FACTOR, "overlap": 0, "side": side, "prediction": "v_prediction", "trainedOn": frozen["sha256"], **facts,
        "inputs": [tensor("sample", latents), tensor("timestep", []), tensor("encoder_hidden_states", ["batch", "words", WIDTH])],
        "outputs": [tensor("out_sample", latents)], "files": files,
    }
