using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>Labels as the networks take them.</summary>
internal static class Labels
{
    /// <summary>One row per label, 1 at its class: [N, classes], float32.</summary>
    public static Tensor OneHot(IReadOnlyList<int> labels, int classes)
    {
        var rows = new float[labels.Count * classes];
        for (int i = 0; i < labels.Count; i++) rows[i * classes + labels[i]] = 1;
        return tensor(rows, [labels.Count, classes]);
    }
}
