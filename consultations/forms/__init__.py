"""The forms the public fills in."""

from consultations.forms.captcha import SingleUseCaptchaField
from consultations.forms.opinion import AboutForm, PointForms, SendForm
from consultations.forms.receipt import ReceiptForm

__all__ = ["AboutForm", "PointForms", "ReceiptForm", "SendForm", "SingleUseCaptchaField"]
