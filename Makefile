# Two commands are enough: `make demo` and `make test`. Everything is set up in .venv on first use.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m

.PHONY: help setup cluster demo test check bench serve lock clean

help: ## 列出目标 list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(VENV)/ready ## 建立 .venv make .venv with everything in it

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更高版本（可用 make PYTHON=python3.12 指定） Python 3.11 or later is needed"; exit 1; }
	@echo "== 1/3 建立虚拟环境 making a virtual environment ($(VENV))"
	@$(PYTHON) -m venv $(VENV)
	@echo "== 2/3 安装锁定版本的依赖 installing pinned dependencies (about a minute)"
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@echo "== 3/3 安装 Lingtan 自身 installing Lingtan itself"
	@$(RUN) pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

cluster: setup ## 安装 Spark，可选 add Spark, optional (0.5 GB, needs Java 17 or later)
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements-cluster.lock

demo: setup ## 评价自带示例园区 assess the shipped example park
	@$(VENV)/bin/lingtan demo

test: setup ## 运行测试 run the tests
	@echo "== 在 PostgreSQL 上运行网页应用的测试 the web application's tests on PostgreSQL, where one answers"
	@$(RUN) tests.web.on_postgres
	@echo "== 运行测试 running the tests (some twenty minutes on two cores)"
	@$(RUN) pytest -n 2 --dist loadfile

check: setup ## 格式、类型、导入约定 lint, types, import contracts
	@echo "== ruff" && $(RUN) ruff check . && $(RUN) ruff format --check .
	@echo "== mypy" && $(RUN) mypy
	@echo "== import contracts" && $(VENV)/bin/lint-imports

bench: setup ## 实测速度 measure the published figures
	@$(RUN) benchmarks.parks
	@$(RUN) benchmarks.metering --rows 1000000,10000000,100000000
	@$(RUN) benchmarks.sorting --rows 1000000,20000000
	@$(RUN) benchmarks.live --messages 20000
	@$(RUN) benchmarks.uncertainty
	@$(RUN) benchmarks.reports
	@$(RUN) benchmarks.site
	@$(RUN) benchmarks.certificates

serve: setup ## 启动网页应用并装入示例园区 serve the web application with the example park
	@$(VENV)/bin/lingtan serve --example

lock: ## 重新锁定依赖 pin the dependencies again
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv
	@.venv-lock/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock
	@.venv-lock/bin/uv pip compile pyproject.toml --constraints requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o deploy/requirements.lock
	@.venv-lock/bin/uv pip compile pyproject.toml --extra cluster --constraints requirements.lock --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet \
	  -o requirements-cluster.lock
	@rm -rf .venv-lock

clean: ## 删除 .venv 与缓存 remove .venv and caches
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis out
