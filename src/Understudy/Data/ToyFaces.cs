namespace Understudy.Data;

public static class ToyFaces
{
    public static (ImageSet Set, ToyFactors[] Factors) Draw(ToyFacesOptions options) => throw new NotSupportedException();
}
