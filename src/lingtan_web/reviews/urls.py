"""Addresses of reviews."""

from django.urls import path

from lingtan_web.reviews.views import deciding, handing, judging, lists, visiting

ROOT = "parks/<slug:park>/reviews/"
ONE = f"{ROOT}<int:number>/"

urlpatterns = [
    path("reviews/", lists.mine, name="my-reviews"),
    path("reviews/figures/", lists.figures, name="review-figures"),
    path(ROOT, lists.of_park, name="reviews"),
    path(f"{ROOT}submit/", handing.submit, name="submit-review"),
    path(ONE, handing.overview, name="review"),
    path(f"{ONE}accept/", handing.accept, name="review-accept"),
    path(f"{ONE}return/", handing.give_back, name="review-return"),
    path(f"{ONE}withdraw/", handing.withdraw, name="review-withdraw"),
    path(f"{ONE}resubmit/", handing.resubmit, name="review-resubmit"),
    path(f"{ONE}changes/", handing.changes, name="review-changes"),
    path(f"{ONE}independence/", judging.independence, name="review-independence"),
    path(f"{ONE}begin/", judging.begin, name="review-begin"),
    path(f"{ONE}resume/", judging.resume, name="review-resume"),
    path(f"{ONE}findings/", judging.findings, name="review-findings"),
    path(f"{ONE}findings/<str:code>/", judging.finding, name="review-finding"),
    path(f"{ONE}findings/<str:code>/ask/", judging.ask, name="review-ask"),
    path(f"{ONE}questions/", judging.questions, name="review-questions"),
    path(f"{ONE}questions/<int:question>/", judging.question, name="review-question"),
    path(f"{ONE}questions/<int:question>/answer/", judging.answer, name="review-answer"),
    path(f"{ONE}questions/<int:question>/settle/", judging.settle, name="review-settle"),
    path(f"{ONE}sample/", judging.sample, name="review-sample"),
    path(f"{ONE}visits/", visiting.visits, name="review-visits"),
    path(f"{ONE}visits/new/", visiting.new_visit, name="review-visit-new"),
    path(f"{ONE}photos/<int:photo>/", visiting.photo, name="review-photo"),
    path(f"{ONE}statement/", deciding.statement, name="review-statement"),
    path(f"{ONE}statement/issue/", deciding.issue, name="review-issue"),
    path(f"{ONE}statement/back/", deciding.send_back, name="review-send-back"),
    path(f"{ONE}panel/", deciding.panel, name="review-panel"),
    path(f"{ONE}panel/convene/", deciding.convene, name="review-convene"),
    path(f"{ONE}panel/interests/", deciding.declare_interests, name="review-interests"),
    path(f"{ONE}panel/vote/", deciding.vote, name="review-vote"),
    path(f"{ONE}panel/minutes/", deciding.minutes, name="review-minutes"),
    path(f"{ONE}decision/", deciding.decision, name="review-decision"),
    path(f"{ONE}appeal/", deciding.appeal, name="review-appeal"),
    path(f"{ONE}appeal/decide/", deciding.decide_appeal, name="review-decide-appeal"),
]
