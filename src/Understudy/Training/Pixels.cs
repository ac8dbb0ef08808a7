using static TorchSharp.torch;

namespace Understudy.Training;

/// <summary>Between the bytes of image files and the [−1, 1] of the networks.</summary>
internal static class Pixels
{
    /// <summary>0 … 255 → −1 … 1, float32.</summary>
    public static Tensor ToFloat(Tensor bytes)
    {
        using var scope = NewDisposeScope();
        return bytes.to(ScalarType.Float32).div_(127.5).sub_(1).MoveToOuterDisposeScope();
    }

    /// <summary>−1 … 1 → the nearest of 0 … 255; what lies outside is clipped.</summary>
    public static byte[] ToBytes(Tensor images)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return images.detach().mul(127.5).add_(128).clamp_(0, 255).to(ScalarType.Byte).contiguous().bytes.ToArray();
    }
}
