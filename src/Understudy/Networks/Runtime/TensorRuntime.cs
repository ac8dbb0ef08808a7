namespace Understudy.Networks.Ops;

/// <summary>How this process is to compute, for whatever trains, draws or measures.</summary>
internal static class TensorRuntime
{
    /// <summary>
    /// To be called before the first tensor: late in training, networks are full of denormals. A second call does no harm.
    /// </summary>
    public static void Prepare()
    {
        HiddenCaches.Mend();
        Denormals.Flush();
        NativeHeap.Retain();
    }
}
