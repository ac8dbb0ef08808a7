using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>Labels as the networks take them.</summary>
internal static class LabelEncoding
{
    /// <summary>
    /// c for a network of this label length: null for 0, one-hot where there is a place for each class, and for 1 the label
    /// itself as one number (<see cref="Condition.Scalar"/>).
    /// </summary>
    /// <returns>[N, labelDim], float32.</returns>
    public static Tensor? Encode(IReadOnlyList<int> labels, int labelDim, int classes) =>
        labelDim == 0 ? null
        : labelDim == 1 && classes > 1 ? tensor([.. labels.Select(l => (float)l)], [labels.Count, 1])
        : OneHot(labels, labelDim);

    /// <summary>One row per label, 1 at its class: [N, classes], float32.</summary>
    public static Tensor OneHot(IReadOnlyList<int> labels, int classes)
    {
        var rows = new float[labels.Count * classes];
        for (int i = 0; i < labels.Count; i++) rows[i * classes + labels[i]] = 1;
        return tensor(rows, [labels.Count, classes]);
    }
}
