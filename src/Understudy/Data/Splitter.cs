namespace Understudy.Data;

public static class Splitter
{
    public static Split Make(ImageSet set, SplitOptions options, IReadOnlyList<string>? groups = null) => throw new NotSupportedException();
}
