"""The demo town of ``demo/``, loaded by the same acts that people use: it breaks when the product breaks."""

from config.demo.loading import is_loaded, load

__all__ = ["is_loaded", "load"]
