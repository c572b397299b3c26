from django.http import JsonResponse

from .models import Cart


def cart(request):
    session = request.COOKIES["session"]
    cart, created = Cart.objects.get_or_create(session=session)
    return JsonResponse({"cart": cart.pk, "created": created})
