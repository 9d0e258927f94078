"""Parts of the generator of the invented park xinghuo; `../generate_xinghuo.py` runs them."""
